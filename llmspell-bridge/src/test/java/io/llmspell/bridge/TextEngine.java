package io.llmspell.bridge;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptHost;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.script.ScriptSource;
import io.llmspell.core.storage.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose scripts are a word and its arguments: {@code globals}, {@code limits}, {@code nanos}, {@code caller},
 * {@code print TEXT}, {@code complain TEXT}, {@code fail}, {@code wait}, {@code arguments} and {@code call GLOBAL
 * FUNCTION TEXT...}.
 */
final class TextEngine implements ScriptEngine {
    private final ScriptHost host;
    private final TextSession session;
    private final CompletableFuture<Object> closed = new CompletableFuture<>();
    private volatile @Nullable Thread owner;

    TextEngine(ScriptHost host) {
        this.host = host;
        Principal script = new Principal.Script("text-engine", "text");
        Caller caller = host.caller().as(script).in(Language.LUA);
        this.session = new TextSession(caller, Awaiter.blocking(host.time()));
    }

    @Override
    public @Nullable Object run(ScriptSource source, List<String> arguments) {
        if (closed.isDone()) {
            throw ScriptException.closed("the engine");
        }
        owner = Thread.currentThread();
        try {
            List<String> words = List.of(source.text().text().split(" ", -1));
            return words.get(0).equals("call") ? call(words) : word(words, arguments);
        } finally {
            owner = null;
        }
    }

    private @Nullable Object word(List<String> words, List<String> arguments) {
        return switch (words.get(0)) {
            case "globals" -> host.globals().stream().map(ScriptModule::name).toList();
            case "limits" -> host.limits().maxInstructions();
            case "nanos" -> host.time().nanos();
            case "caller" -> host.caller().correlation().text();
            case "arguments" -> arguments;
            case "print" -> {
                host.output().write(Bytes.utf8(words.get(1)));
                yield null;
            }
            case "complain" -> {
                host.errorOutput().write(Bytes.utf8(words.get(1)));
                yield null;
            }
            case "wait" -> {
                host.output().write(Bytes.utf8("<waits>"));
                yield session.awaiter().await(closed, Awaiter.NO_DEADLINE, Cancellation.none());
            }
            default ->
                throw new ScriptException(ErrorCode.SCRIPT_ERROR, "no word " + words.get(0), Map.of(), List.of(), null);
        };
    }

    private @Nullable Object call(List<String> words) {
        ScriptModule module = host.globals().stream()
                .filter(each -> each.name().equals(words.get(1)))
                .findFirst()
                .orElseThrow();
        ScriptFunction function = module.functions().stream()
                .filter(each -> each.name().equals(words.get(2)))
                .findFirst()
                .orElseThrow();
        List<@Nullable Object> arguments = new ArrayList<>(words.subList(3, words.size()));
        return ScriptCall.plain(function.body()
                .call(new ScriptCall(words.get(1) + "." + words.get(2), null, arguments, session.caller(), session)));
    }

    @Override
    public ScriptSession session() {
        return session;
    }

    @Override
    public boolean isOwner() {
        return owner == Thread.currentThread();
    }

    @Override
    public Awaiter awaiter() {
        return session.awaiter();
    }

    @Override
    public void close() {
        if (closed.completeExceptionally(ScriptException.closed("the engine"))) {
            session.close();
            host.output().write(Bytes.utf8("<closed>"));
        }
    }
}
