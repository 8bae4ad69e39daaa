package io.llmspell.state;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateView;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;

/** A manager with a fault in its access control: it decides for each call with whose rights the real one is asked. */
final class PlantedManager {
    /** The fault. */
    interface Fault {
        /**
         * Whose rights a call gets.
         *
         * @param caller who calls
         * @param quietly whether it goes through the reader of hooks
         * @param method the method of the view
         * @param arguments its arguments
         */
        Caller rights(Caller caller, boolean quietly, String method, Object[] arguments);

        /** What the caller hears of a refusal. */
        default Throwable told(RuntimeException refusal, StateManager real, Object[] arguments) {
            return refusal;
        }
    }

    private PlantedManager() {}

    static UnaryOperator<StateManager> with(Fault fault) {
        return real -> proxy(StateManager.class, (method, arguments) -> {
            if (method.getName().equals("as")) {
                return view(real, StateView.class, false, (Caller) arguments[0], fault);
            }
            if (method.getName().equals("reader")) {
                return view(real, StateReader.class, true, (Caller) arguments[0], fault);
            }
            return call(method, real, arguments);
        });
    }

    private static <V extends StateReader> V view(
            StateManager real, Class<V> type, boolean quietly, Caller caller, Fault fault) {
        return proxy(type, (method, arguments) -> {
            Caller rights = fault.rights(caller, quietly, method.getName(), arguments);
            StateReader target = quietly ? real.reader(rights) : real.as(rights);
            try {
                return call(method, target, arguments);
            } catch (RuntimeException refusal) {
                throw fault.told(refusal, real, arguments);
            }
        });
    }

    private interface Answer {
        Object of(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.of(method, arguments == null ? new Object[0] : arguments)));
    }

    private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
