package io.llmspell.storage;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Sealer;

/**
 * Makes codecs for the records that stores keep.
 *
 * <p><b>Threads:</b> safe.
 */
public final class RecordCodecs {
    private RecordCodecs() {}

    /**
     * The codec that writes the newest record format and reads all formats that were ever released. It has no keys, so
     * it neither seals nor opens.
     *
     * @param json turns values into text
     * @return the codec
     */
    public static RecordCodec create(JsonCodec json) {
        return create(json, KeyRing.none("the codec was made without keys"));
    }

    /**
     * The same codec with keys, so that it can seal records and open sealed ones.
     *
     * @param json turns values into text
     * @param keys the keys, such as a {@link KeyRing}
     * @return the codec
     */
    public static RecordCodec create(JsonCodec json, Sealer keys) {
        return compressed(new BinaryRecordCodec(json, keys), Integer.MAX_VALUE); // reads what others have compressed
    }

    /**
     * A codec that compresses records from a size on, and reads compressed and other records.
     *
     * @param records the codec of the records
     * @param threshold from how many bytes on a record is compressed, if that makes it smaller
     * @return the codec
     */
    public static RecordCodec compressed(RecordCodec records, int threshold) {
        return new CompressedRecordCodec(records, threshold);
    }
}
