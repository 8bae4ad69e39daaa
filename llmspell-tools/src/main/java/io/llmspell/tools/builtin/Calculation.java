package io.llmspell.tools.builtin;

import com.ezylang.evalex.BaseException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.parser.ASTNode;
import com.ezylang.evalex.parser.ParseException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.tool.ToolException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One expression with its variables. */
final class Calculation {
    private static final int LONGEST = 10_000;

    private final String input;
    private final Expression expression;

    Calculation(String input, Map<String, @Nullable Object> variables) {
        if (input.length() > LONGEST) {
            throw LimitException.exceeded(
                    "expression length",
                    LONGEST + " characters",
                    "the expression has " + input.length() + " characters");
        }
        this.input = input;
        this.expression = new Expression(input, Dialect.configuration()).withValues(values(variables));
    }

    private static Map<String, EvaluationValue> values(Map<String, @Nullable Object> variables) {
        Map<String, EvaluationValue> values = new LinkedHashMap<>();
        variables.forEach((name, value) -> values.put(name, value(value)));
        return values;
    }

    private static EvaluationValue value(@Nullable Object json) {
        if (json instanceof Number number) {
            return EvaluationValue.numberValue(Magnitude.checked(new BigDecimal(number.toString())));
        }
        return json instanceof Boolean flag
                ? EvaluationValue.booleanValue(flag)
                : EvaluationValue.stringValue(String.valueOf(json));
    }

    /** Checks that the expression can be read and all its names are known. */
    void validate() {
        try {
            expression.validate();
            Set<String> unknown = expression.getUndefinedVariables();
            if (!unknown.isEmpty()) {
                throw failed(
                        "there is no value for " + String.join(", ", unknown) + "; give it in \"variables\"",
                        1,
                        "parse");
            }
        } catch (ParseException wrong) {
            throw parse(wrong);
        } catch (StackOverflowError deep) {
            throw tooDeep();
        }
    }

    /** How many numbers, names, operators and functions the expression has; each is worked out at most once. */
    long operations() {
        validate();
        try {
            Deque<ASTNode> open = new ArrayDeque<>();
            open.push(expression.getAbstractSyntaxTree());
            long count = 0;
            while (!open.isEmpty()) {
                count++;
                open.pop().getParameters().forEach(open::push);
            }
            return count;
        } catch (ParseException wrong) {
            throw parse(wrong);
        }
    }

    /** The value as JSON: a boolean, a text, a whole number or the nearest floating-point number. */
    @Nullable Object value() {
        validate();
        try {
            return json(expression.evaluate());
        } catch (ParseException wrong) {
            throw parse(wrong);
        } catch (BaseException failed) {
            if (String.valueOf(failed.getMessage()).contains("recursion depth")) {
                throw tooDeep(); // EvalEx has no exception of its own for its depth limit
            }
            throw failed(String.valueOf(failed.getMessage()), failed.getStartPosition(), "unsupported");
        } catch (ArithmeticException | NumberFormatException undefined) {
            throw failed("a part of it has no real value or is too large for its function", 1, "unsupported");
        } catch (StackOverflowError deep) {
            throw tooDeep();
        }
    }

    private static @Nullable Object json(EvaluationValue value) {
        if (value.isNumberValue()) {
            return number(Magnitude.checked(value.getNumberValue()));
        }
        return value.isBooleanValue() ? value.getBooleanValue() : value.isNullValue() ? null : value.getStringValue();
    }

    private static Number number(BigDecimal exact) {
        boolean whole = exact.signum() == 0 || exact.stripTrailingZeros().scale() <= 0;
        if (whole && exact.precision() - exact.scale() <= Dialect.DIGITS) {
            BigInteger integer = exact.toBigInteger();
            return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
        }
        return exact.doubleValue();
    }

    static String typeName(@Nullable Object value) {
        if (value instanceof Long || value instanceof BigInteger) {
            return "integer";
        }
        if (value instanceof Number) {
            return "number";
        }
        return value instanceof Boolean ? "boolean" : value == null ? "null" : "text";
    }

    private ToolException parse(ParseException wrong) {
        String hint = "^".equals(wrong.getTokenString()) ? "; put a signed exponent in parentheses, as in 2^(-1)" : "";
        return failed(wrong.getMessage() + hint, wrong.getStartPosition(), "parse");
    }

    private ToolException failed(String problem, int position, String kind) {
        String shown = input.length() <= 80 ? input : input.substring(0, 77) + "...";
        return new ToolException(
                ErrorCode.TOOL_FAILED,
                "the expression \"" + shown + "\" has no value: " + lowerFirst(problem) + " (at position " + position
                        + ")",
                Map.of("kind", kind, "position", position),
                null);
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static LimitException tooDeep() {
        return LimitException.exceeded(
                "expression depth", Dialect.DEPTH + " levels", "the expression is nested too deeply");
    }
}
