package io.llmspell.hooks.distributed;

import io.llmspell.core.error.ArgumentException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Allow-lists: an empty one allows nothing, {@code *} all. */
final class AllowList {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private AllowList() {}

    static boolean has(Set<String> list, String name) {
        return list.contains(DistributedHookContext.ALL) || list.contains(name);
    }

    /** Whether an address is on the list or in a network that is; without an address only {@code *} allows. */
    static boolean hasAddress(Set<String> list, @Nullable String address) {
        if (list.contains(DistributedHookContext.ALL)) {
            return true;
        }
        Optional<byte[]> bytes = address == null ? Optional.empty() : parse(address);
        return bytes.isPresent() && list.stream().anyMatch(entry -> covers(entry, bytes.get()));
    }

    static void checkAddress(String entry) {
        if (!entry.equals(DistributedHookContext.ALL) && network(entry).isEmpty()) {
            throw new ArgumentException("allowed address", entry, "*, an IP address, or a network such as 10.0.0.0/8");
        }
    }

    /** A network: its first address and how many bits count. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and never leaves this class
    private record Network(byte[] address, int bits) {}

    private static Optional<Network> network(String entry) {
        int slash = entry.indexOf('/');
        Optional<byte[]> address = parse(slash < 0 ? entry : entry.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int all = address.get().length * 8;
        int bits = slash < 0 ? all : bits(entry.substring(slash + 1));
        return bits < 0 || bits > all ? Optional.empty() : Optional.of(new Network(address.get(), bits));
    }

    private static int bits(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    private static boolean covers(String entry, byte[] address) {
        Optional<Network> network = network(entry);
        if (network.isEmpty() || network.get().address.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < network.get().bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((network.get().address[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of a literal address; names are never resolved. IPv4 in IPv6 is IPv4. */
    private static Optional<byte[]> parse(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }
}
