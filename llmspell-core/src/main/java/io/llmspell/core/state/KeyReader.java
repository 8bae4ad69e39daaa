package io.llmspell.core.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Takes an encoded key apart; whoever reads it checks that encoding gives the same bytes again. */
final class KeyReader {
    private final Bytes encoded;
    private int at;

    KeyReader(Bytes encoded) {
        this.encoded = encoded;
    }

    Scope scope() {
        if (encoded.length() == 0) {
            throw foreign(encoded, "it is empty");
        }
        int parts = encoded.at(at++);
        if (parts < 1) {
            throw foreign(encoded, "it has " + parts + " parts");
        }
        ScopeKind kind = kind(part());
        if (kind.ids() != parts - 1) {
            throw foreign(encoded, "a scope " + kind.id() + " has " + (parts - 1) + " ids");
        }
        List<String> ids = new ArrayList<>(kind.ids());
        for (int i = 0; i < kind.ids(); i++) {
            ids.add(part());
        }
        return new Scope(kind, ids);
    }

    String rest() {
        return encoded.slice(at, encoded.length()).text();
    }

    private String part() {
        if (at + 2 > encoded.length()) {
            throw foreign(encoded, "it is cut off");
        }
        int length = Byte.toUnsignedInt(encoded.at(at)) << 8 | Byte.toUnsignedInt(encoded.at(at + 1));
        int from = at + 2;
        if (from + length > encoded.length()) {
            throw foreign(encoded, "it is cut off");
        }
        at = from + length;
        return encoded.slice(from, at).text();
    }

    private ScopeKind kind(String id) {
        for (ScopeKind each : ScopeKind.values()) {
            if (each.id().equals(id)) {
                return each;
            }
        }
        throw foreign(encoded, "it names no kind of scope");
    }

    static StateException foreign(Bytes encoded, String problem) {
        return new StateException(ErrorCode.INVALID_KEY, "the bytes " + encoded + " are no encoded key: " + problem);
    }
}
