package io.llmspell.storage;

import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.testing.storage.StorageBackendContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The contract, pointed at a store, its tests run by name; a file of its own, so that nobody takes it for a test. */
record ContractKit(Supplier<StorageBackend> stores) implements StorageBackendContract {
    @Override
    public StorageBackend open() {
        return stores.get();
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.PERSISTENCE));
    }

    void run(String test) throws Throwable {
        Method method = Arrays.stream(StorageBackendContract.class.getMethods())
                .filter(each -> each.getName().equals(test) && each.isAnnotationPresent(Test.class))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        try {
            method.invoke(this);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
