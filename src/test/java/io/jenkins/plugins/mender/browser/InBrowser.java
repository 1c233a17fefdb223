package io.jenkins.plugins.mender.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks a class whose tests need an installed Chromium. They run when they are asked for, and else say that they did not. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InBrowser.WhenAskedFor.class)
@interface InBrowser {

    /** Runs the tests with the system property {@code mender.browser=true}, which the profile {@code browser} sets. */
    final class WhenAskedFor implements ExecutionCondition {
        private static final String ASKED = "mender.browser";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Boolean.getBoolean(ASKED)) {
                return ConditionEvaluationResult.enabled(ASKED + " is set");
            }
            String reason = context.getRequiredTestClass().getSimpleName()
                    + " did not run, since it needs Chromium: with Chromium installed, mvn verify -Pbrowser runs it.";
            System.out.println(reason); // Maven counts what is skipped and keeps the reason to itself
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
