package io.llmspell.tools.builtin;

import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.FunctionDictionaryIfc;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.config.MapBasedOperatorDictionary;
import com.ezylang.evalex.config.OperatorDictionaryIfc;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.operators.OperatorIfc;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an expression may use: the arithmetic and logic of EvalEx, each operator and function behind a bound.
 *
 * <p>Left out are texts, dates, random numbers, arrays and structures: a calculator computes, and gives the same answer
 * twice.
 */
final class Dialect {
    static final int DIGITS = 68;
    static final int DEPTH = 1_000;

    private static final List<String> FUNCTIONS = List.of(
            "ABS", "ACOS", "ACOSH", "ACOSR", "ACOT", "ACOTH", "ACOTR", "ASIN", "ASINH", "ASINR", "ATAN", "ATAN2",
            "ATAN2R", "ATANH", "ATANR", "AVERAGE", "CEILING", "COS", "COSH", "COSR", "COT", "COTH", "COTR", "CSC",
            "CSCH", "CSCR", "DEG", "FACT", "FLOOR", "IF", "LOG", "LOG10", "MAX", "MIN", "NOT", "RAD", "ROUND", "SEC",
            "SECH", "SECR", "SIN", "SINH", "SINR", "SQRT", "SUM", "TAN", "TANH", "TANR");

    private static final ExpressionConfiguration CONFIGURATION = configure();

    private Dialect() {}

    static ExpressionConfiguration configuration() {
        return CONFIGURATION;
    }

    static List<String> functions() {
        return FUNCTIONS;
    }

    static List<String> operators() {
        return List.of("+", "-", "*", "/", "%", "^", "=", "==", "!=", "<>", "<", "<=", ">", ">=", "&&", "||", "!");
    }

    static List<String> constants() {
        return List.copyOf(new TreeMap<>(CONFIGURATION.getDefaultConstants()).keySet());
    }

    private static ExpressionConfiguration configure() {
        ExpressionConfiguration standard = ExpressionConfiguration.defaultConfiguration();
        Map<String, EvaluationValue> constants = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : List.of("PI", "E", "TRUE", "FALSE", "NULL")) {
            constants.put(name, ExpressionConfiguration.StandardConstants.get(name));
        }
        return ExpressionConfiguration.builder()
                .operatorDictionary(operators(standard.getOperatorDictionary()))
                .functionDictionary(functions(standard.getFunctionDictionary()))
                .mathContext(new MathContext(DIGITS, RoundingMode.HALF_UP))
                .defaultConstants(constants)
                .powerOfPrecedence(OperatorIfc.OPERATOR_PRECEDENCE_POWER_HIGHER)
                .arraysAllowed(false)
                .structuresAllowed(false)
                .binaryAllowed(false)
                .maxRecursionDepth(DEPTH)
                .build();
    }

    private static OperatorDictionaryIfc operators(OperatorDictionaryIfc standard) {
        MapBasedOperatorDictionary bounded = new MapBasedOperatorDictionary();
        standard.getAvailableInfixOperatorNames()
                .forEach(name -> bounded.addOperator(name, new BoundedOperator(name, standard.getInfixOperator(name))));
        standard.getAvailablePrefixOperatorNames()
                .forEach(
                        name -> bounded.addOperator(name, new BoundedOperator(name, standard.getPrefixOperator(name))));
        return bounded;
    }

    private static FunctionDictionaryIfc functions(FunctionDictionaryIfc standard) {
        MapBasedFunctionDictionary bounded = new MapBasedFunctionDictionary();
        FUNCTIONS.forEach(name -> bounded.addFunction(name, new BoundedFunction(name, standard.getFunction(name))));
        return bounded;
    }
}
