package io.llmspell.events.correlation;

import io.llmspell.core.json.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * Shows a timeline as one page.
 *
 * <p>Names and payloads come from outside: they stand in the page as JSON text in which nothing can end the element
 * around it, and the script of the page shows them as text only.
 */
final class TimelineHtml {
    private static final String TEMPLATE = "timeline.html";

    private TimelineHtml() {}

    static String render(Map<String, Object> timeline, String title) {
        String json = JsonCodec.create().text(timeline);
        String[] parts = template().split("@@", -1);
        StringBuilder page = new StringBuilder();
        for (String part : parts) {
            switch (part) {
                case "TITLE" -> page.append(escaped(title));
                case "DATA" -> page.append(inScript(json));
                default -> page.append(part);
            }
        }
        return page.toString();
    }

    private static String template() {
        try (InputStream in = TimelineHtml.class.getResourceAsStream(TEMPLATE)) {
            return new String(Objects.requireNonNull(in, TEMPLATE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** JSON in which no element of the page can begin or end. */
    private static String inScript(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }
}
