package io.llmspell.tools.builtin;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.FunctionParameterDefinition;
import com.ezylang.evalex.parser.Token;
import java.math.BigDecimal;
import java.util.List;

/** A function of EvalEx that refuses arguments out of range before it begins. */
final class BoundedFunction implements FunctionIfc {
    private static final BigDecimal LARGEST_FACTORIAL = BigDecimal.valueOf(170);
    private static final BigDecimal MOST_PLACES = BigDecimal.valueOf(300);

    private final String name;
    private final FunctionIfc function;

    BoundedFunction(String name, FunctionIfc function) {
        this.name = name;
        this.function = function;
    }

    @Override
    public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... arguments)
            throws EvaluationException {
        for (EvaluationValue argument : arguments) {
            if (argument.isNumberValue()) {
                Magnitude.checked(argument.getNumberValue());
            }
        }
        if (name.equals("FACT")) {
            factorial(token, arguments[0].getNumberValue());
        } else if (name.equals("ROUND") && arguments[1].getNumberValue().abs().compareTo(MOST_PLACES) > 0) {
            throw new EvaluationException(token, "ROUND takes at most " + MOST_PLACES + " places");
        }
        return function.evaluate(expression, token, arguments);
    }

    private static void factorial(Token token, BigDecimal number) throws EvaluationException {
        if (number.compareTo(LARGEST_FACTORIAL) > 0) {
            throw Magnitude.tooLarge("a factorial of more than " + LARGEST_FACTORIAL + " was asked for");
        }
        if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
            throw new EvaluationException(token, "FACT takes a whole number of 0 or more");
        }
    }

    @Override
    public List<FunctionParameterDefinition> getFunctionParameterDefinitions() {
        return function.getFunctionParameterDefinitions();
    }

    @Override
    public void validatePreEvaluation(Token token, EvaluationValue... arguments) throws EvaluationException {
        function.validatePreEvaluation(token, arguments);
    }

    @Override
    public boolean hasVarArgs() {
        return function.hasVarArgs();
    }

    @Override
    public boolean isParameterLazy(int index) {
        return function.isParameterLazy(index);
    }

    @Override
    public int getCountOfNonVarArgParameters() {
        return function.getCountOfNonVarArgParameters();
    }
}
