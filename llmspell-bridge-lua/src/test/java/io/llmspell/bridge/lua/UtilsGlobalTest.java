package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The global {@code Utils} in Lua. */
class UtilsGlobalTest {
    @Test
    void uuid_eachCall_givesAnother() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run("local a, b = Utils.uuid(), Utils.uuid()"
                            + " return a ~= b and #a == 36 and a:match('^%x+%-%x+%-%x+%-%x+%-%x+$') == a"))
                    .isEqualTo(true);
        }
    }

    @Test
    void timestamp_now_isWholeSecondsOfTheClock() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run("local a = os.time() local t = Utils.timestamp()"
                            + " return math.type(t) == 'integer' and a <= t and t <= os.time()"))
                    .isEqualTo(true);
        }
    }

    @Test
    void hash_ofText_isItsSha256() {
        try (Scripts scripts = Scripts.open()) {
            String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
            assertThat(scripts.run("return Utils.hash('abc')")).isEqualTo(abc);
            assertThat(scripts.run("return Utils.hash('abc', 'sha256')")).isEqualTo(abc);
            assertThat(scripts.failure("Utils.hash('abc', 'md5')", "code")).isEqualTo("invalid_argument");
            assertThat(scripts.failure("Utils.hash()", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void sleep_forSomeTime_waitsAtLeastThatAndServesCallbacks() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = false",
                            "Event.on('tick', function() seen = true end)",
                            "Event.publish('tick', {})",
                            "local tries, before = 0, os.clock()",
                            "repeat tries = tries + 1 Utils.sleep(0.02) until seen or tries == 1500",
                            "return seen and os.clock() - before >= 0.02 and Utils.sleep(0) == nil"))
                    .isEqualTo(true);
        }
    }

    @Test
    void sleep_ofNoLength_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            for (String seconds : new String[] {"-1", "1e9", "'x'", ""}) {
                assertThat(scripts.failure("Utils.sleep(" + seconds + ")", "code"))
                        .as(seconds)
                        .isEqualTo("invalid_argument");
            }
        }
    }
}
