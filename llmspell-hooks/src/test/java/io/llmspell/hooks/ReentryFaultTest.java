package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.hooks.ReentryCheck.Form;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReentryFaultTest {
    /**
     * Forgets by which hooks an operation was called, so that nothing caps how deep they go. Of hooks on one thread the
     * thread would know; these have threads of their own.
     */
    private static final class NoCap extends ForwardingRegistry {
        NoCap(HookRegistry real) {
            super(real);
        }

        @Override
        Hook hook(Hook hook) {
            return context -> hook.execute(forgetful(context));
        }

        private static HookContext forgetful(HookContext context) {
            return (HookContext) Proxy.newProxyInstance(
                    NoCap.class.getClassLoader(), new Class<?>[] {HookContext.class}, (proxy, method, arguments) -> {
                        try {
                            return method.getName().equals("caller") ? Rig.caller() : method.invoke(context, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }
    }

    @Test
    void hooksWithoutCap_areRed() {
        ReentryCheck check = new ReentryCheck(NoCap::new);
        assertThatThrownBy(() -> check.hookThatRunsItsOwnOperation_endsAtTheCap(Form.ISOLATED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("how deep the hook came");
    }

    @Test
    void changesThatCountAtOnce_areRed() {
        ReentryCheck check = new ReentryCheck(LiveRegistry::new);
        assertThatThrownBy(check::changesWhileAHookRuns_countFromTheNextOperation)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the operation that was running");
    }
}
