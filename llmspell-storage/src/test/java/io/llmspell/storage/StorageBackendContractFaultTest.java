package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.storage.StorageBackend;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted fault must turn a test of the contract red, and the same test must be green without the fault. */
class StorageBackendContractFaultTest {
    /** A fault and the test that must find it. */
    record Seed(String test, Supplier<StorageBackend> store) {
        @Override
        public String toString() {
            return test;
        }
    }

    static Stream<Seed> seeds() {
        return Stream.of(
                new Seed("expect_racersWithTheSameRevision_exactlyOneWins", SeededBugs.LostUpdate::new),
                new Seed("expect_otherRevision_writesNothingAndTellsTheActual", SeededBugs.TornBatch::new),
                new Seed("batch_laterPart_seesTheEarlierOnes", SeededBugs.BlindBatch::new),
                new Seed("snapshot_laterWrites_doNotShow", SeededBugs.LivingSnapshot::new),
                new Seed("scan_all_isInUnsignedByteOrder", SeededBugs.UnorderedScan::new),
                new Seed("scan_all_isInUnsignedByteOrder", SeededBugs.SignedOrder::new),
                new Seed("scan_range_includesFromAndExcludesTo", SeededBugs.IncludedEnd::new),
                new Seed("scan_writesMeanwhile_areNotSeen", SeededBugs.LivingScan::new),
                new Seed("put_emptyValue_isNotAbsent", SeededBugs.EmptyIsAbsent::new),
                new Seed("expect_otherRevision_writesNothingAndTellsTheActual", SeededBugs.PositionGap::new),
                new Seed("append_chained_standsBehindTheLinkOfTheOneBefore", SeededBugs.StaleLink::new),
                new Seed("append_chainedByManyThreads_isOneChain", SeededBugs.OvertakenLink::new),
                new Seed("index_prefixOfAnotherPrefix_isNotMixedUp", SeededBugs.MixedIndex::new),
                new Seed(
                        "listener_manyThreads_hearsInCommitOrderBeforeTheAcknowledgement",
                        SeededBugs.LateListener::new),
                new Seed("watch_fromRevision_beginsWithThePresentEntriesThatAreNewer", SeededBugs.ForgetfulWatch::new),
                new Seed("commit_mode_isAtLeastWhatWasAsked", SeededBugs.Boaster::new),
                new Seed("close_everyLaterCall_isRefused", SeededBugs.NeverClosed::new),
                new Seed("commitAsync_notSubscribed_writesNothing", SeededBugs.EagerAsync::new));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void contract_faultyStore_isRed(Seed seed) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(1)); // what a faulty store never does is not waited for longer
        try {
            assertThatThrownBy(() -> new ContractKit(seed.store()).run(seed.test()))
                    .isNotInstanceOfAny(NullPointerException.class, NoSuchElementException.class);
        } finally {
            Awaitility.reset();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void contract_sameTestOnARightStore_isGreen(Seed seed) throws Throwable {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        try {
            new ContractKit(ForwardingBackend::new).run(seed.test());
        } finally {
            Awaitility.reset();
        }
    }
}
