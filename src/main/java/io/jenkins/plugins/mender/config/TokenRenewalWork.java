package io.jenkins.plugins.mender.config;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.Symbol;

/**
 * Looks every hour what is to be done to tokens by itself. That asks no server unless something is due, which it is not more than once a
 * day for a server and a token.
 */
@Extension
@Symbol("menderTokenRenewal")
public final class TokenRenewalWork extends AsyncPeriodicWork {

    /** Creates the work. */
    public TokenRenewalWork() {
        super("Renewal of Mender tokens");
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.HOURS.toMillis(1);
    }

    @Override
    protected void execute(TaskListener listener) throws InterruptedException {
        TokenCare.get().renewWhatExpires(listener.getLogger()::println);
    }
}
