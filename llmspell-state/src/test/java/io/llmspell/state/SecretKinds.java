package io.llmspell.state;

import java.util.ArrayList;
import java.util.List;

/**
 * Twelve kinds of secrets as texts, each with a mark of its own that can be looked for.
 *
 * @param kind what it is
 * @param mark the mark, capitals and digits
 * @param text the secret as it stands in a text
 */
record SecretKinds(String kind, String mark, String text) {
    private static final String[] BEFORE = {
        "sk-ant-", "sk-", "AKIA", "ghp_", "gho_", "eyJ", "key=", "token: ", "Bearer ", "password=\"", "secret: ", ""
    };
    private static final int[] LENGTHS = {95, 48, 16, 36, 36, 60, 24, 24, 24, 24, 24, 0};

    /** One of each kind; the marks of two families differ. */
    static List<SecretKinds> family(String family) {
        List<SecretKinds> all = new ArrayList<>();
        for (int i = 0; i < BEFORE.length; i++) {
            String mark = family + (char) ('A' + i) + "7QZ";
            String body = mark.repeat(1 + LENGTHS[i] / mark.length());
            String text = BEFORE[i] + body + (BEFORE[i].endsWith("\"") ? "\"" : "");
            all.add(new SecretKinds(BEFORE[i], mark, LENGTHS[i] == 0 ? block(body) : text));
        }
        return all;
    }

    private static String block(String body) {
        return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----";
    }
}
