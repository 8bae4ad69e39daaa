package io.llmspell.testing.script;

import java.util.Map;

/**
 * How one language writes the snippets that {@link ScriptEngineContract} runs.
 *
 * <p><b>Threads:</b> immutable.
 */
public interface ScriptDialect {
    /**
     * The name of a script of the language.
     *
     * @return such as {@code spell.lua}
     */
    String file();

    /**
     * A statement that declares a variable.
     *
     * @param name the variable
     * @param expression its value
     * @return the statement
     */
    String let(String name, String expression);

    /**
     * A statement that makes a value the result of the script or function.
     *
     * @param expression the value
     * @return the statement
     */
    String result(String expression);

    /**
     * A statement that prints a value.
     *
     * @param expression the value
     * @return the statement
     */
    String print(String expression);

    /**
     * A function that is a value.
     *
     * @param parameters its parameters, separated by commas
     * @param statements what it does
     * @return the expression
     */
    String function(String parameters, String... statements);

    /**
     * A call of a method.
     *
     * @param object the object
     * @param method the method
     * @param arguments the arguments, separated by commas
     * @return the expression
     */
    String method(String object, String method, String arguments);

    /**
     * A call of a method in the form that the language refuses.
     *
     * @param object the object
     * @param method the method
     * @return the expression, or an empty text if there is no such form
     */
    String wrongMethod(String object, String method);

    /**
     * A call of a function that waits.
     *
     * @param call the call
     * @return the expression, such as {@code await call}
     */
    String waiting(String call);

    /**
     * Two texts as one.
     *
     * @param left the first
     * @param right the second
     * @return the expression
     */
    String concat(String left, String right);

    /**
     * A value as the language prints it.
     *
     * @param expression the value
     * @return the expression
     */
    String text(String expression);

    /**
     * Whether two values are the same.
     *
     * @param left one
     * @param right the other
     * @return the expression
     */
    String same(String left, String right);

    /**
     * A map.
     *
     * @param members names and values in turn
     * @return the expression
     */
    String map(String... members);

    /**
     * An array.
     *
     * @param elements its elements
     * @return the expression; the empty array must stay one
     */
    String array(String... elements);

    /**
     * The argument of a script.
     *
     * @param number from 1
     * @return the expression
     */
    String argument(int number);

    /**
     * A statement that is run under a condition.
     *
     * @param condition the condition
     * @param statement the statement
     * @return the statement
     */
    String when(String condition, String statement);

    /**
     * A statement that raises an error of the script.
     *
     * @param message its text
     * @return the statement
     */
    String raise(String message);

    /**
     * Statements that run another and make a member of the error it raises the result; {@code "none"} if there is none.
     *
     * @param statement what may fail
     * @param member such as {@code code} or {@code details.path}
     * @return the statements, on one line
     */
    String failure(String statement, String member);

    /**
     * A statement that is no statement.
     *
     * @return the text, on one line
     */
    String syntaxError();

    /**
     * A statement that never ends.
     *
     * @return the statement
     */
    String endless();

    /**
     * A statement that catches every error and goes on for ever.
     *
     * @param statement what it does again and again
     * @return the statement
     */
    String stubborn(String statement);

    /**
     * A statement that keeps more and more memory.
     *
     * @return the statement
     */
    String hoard();

    /**
     * A statement that fills an array, by the engine's own measure of memory.
     *
     * @param array the variable
     * @param mebibytes how much it then holds, about
     * @return the statement
     */
    String fill(String array, int mebibytes);

    /**
     * Statements whose variables end with them.
     *
     * @param statements the statements
     * @return one statement
     */
    String scope(String statements);

    /**
     * Values of the language that have no JSON form.
     *
     * @return expressions by what they are, such as {@code NaN} or {@code function}
     */
    Map<String, String> unconvertible();

    /**
     * Whether the language has a number that is minus zero.
     *
     * @return true if it has
     */
    boolean hasMinusZero();
}
