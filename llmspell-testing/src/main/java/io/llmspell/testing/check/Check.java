package io.llmspell.testing.check;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test class that checks a promise of the house; {@code docs/checks.md} lists the ids.
 *
 * <p>Beside {@code FooTest} stands {@code FooFaultTest}, which runs the same check against planted faults and demands
 * that each turns it red. A fault is a variant made for the test: a wrapper, a subclass, a setting; never a switch in
 * shipped code.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Check {
    /**
     * The ids of the checks that the class does.
     *
     * @return such as {@code H01}
     */
    String[] value();
}
