package io.jenkins.plugins.mender.gateway;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks a class whose tests need installed gateways. They run when they are asked for, and else say that they did not. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ThroughGateways.WhenAskedFor.class)
@interface ThroughGateways {

    /** Runs the tests with the system property {@code mender.gateways=true}, which the profile {@code gateways} sets. */
    final class WhenAskedFor implements ExecutionCondition {
        private static final String ASKED = "mender.gateways";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Boolean.getBoolean(ASKED)) {
                return ConditionEvaluationResult.enabled(ASKED + " is set");
            }
            String reason = context.getRequiredTestClass().getSimpleName() + " did not run, since it needs gateways:"
                    + " with those installed, mvn -f .ci/pom.xml verify -Pgateways runs it.";
            if (context.getTestMethod().isEmpty()) {
                System.out.println(reason); // Maven counts what is skipped and keeps the reason to itself
            }
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
