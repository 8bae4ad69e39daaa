package io.llmspell.tools.builtin;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.parser.Token;

/** An operator of EvalEx that refuses numbers out of range, and powers that would be. */
final class BoundedOperator implements OperatorIfc {
    private final boolean power;
    private final OperatorIfc operator;

    BoundedOperator(String name, OperatorIfc operator) {
        this.power = name.equals("^");
        this.operator = operator;
    }

    @Override
    public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... operands)
            throws EvaluationException {
        for (EvaluationValue operand : operands) {
            if (operand.isNumberValue()) {
                Magnitude.checked(operand.getNumberValue());
            }
        }
        if (power && operands[0].isNumberValue() && operands[1].isNumberValue()) {
            Magnitude.power(operands[0].getNumberValue(), operands[1].getNumberValue());
        }
        return operator.evaluate(expression, token, operands);
    }

    @Override
    public int getPrecedence() {
        return operator.getPrecedence();
    }

    @Override
    public int getPrecedence(ExpressionConfiguration configuration) {
        return operator.getPrecedence(configuration);
    }

    @Override
    public boolean isLeftAssociative() {
        return operator.isLeftAssociative();
    }

    @Override
    public boolean isPrefix() {
        return operator.isPrefix();
    }

    @Override
    public boolean isPostfix() {
        return operator.isPostfix();
    }

    @Override
    public boolean isInfix() {
        return operator.isInfix();
    }

    @Override
    public boolean isOperandLazy() {
        return operator.isOperandLazy();
    }
}
