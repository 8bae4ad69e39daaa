package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns failures of RocksDB and of the file system into coded errors that say what to do; the only such place. */
final class Errors {
    static final String OPENING = "opening the store";

    private Errors() {}

    static StorageException of(RocksDBException cause, String doing, Path folder) {
        Status status = cause.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        String text = String.valueOf(cause.getMessage());
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return full(doing, folder, cause);
        }
        return switch (code) {
            case Corruption -> damaged(doing, folder, text, cause);
            case InvalidArgument ->
                text.contains("does not exist")
                        ? corrupt(folder, "db/CURRENT is missing", cause)
                        : unavailable(doing, folder, text, cause);
            case NotSupported -> tooNew(folder, text, cause);
            case IOError -> ofText(text, doing, folder, cause);
            default -> unavailable(doing, folder, text, cause);
        };
    }

    static StorageException of(IOException cause, String doing, Path folder) {
        if (cause instanceof AccessDeniedException) {
            return readOnly(doing, folder, cause);
        }
        String reason = cause instanceof FileSystemException file ? file.getReason() : null;
        return ofText(reason != null ? reason : String.valueOf(cause.getMessage()), doing, folder, cause);
    }

    private static StorageException ofText(String text, String doing, Path folder, Exception cause) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return full(doing, folder, cause);
        } else if (lower.contains("too many open files")) {
            return error(
                    ErrorCode.STORE_UNAVAILABLE,
                    doing + " failed, because the process has too many open files (store " + folder
                            + "); raise the limit (ulimit -n) and open the store again",
                    folder,
                    cause);
        } else if (lower.contains("read-only file system") || lower.contains("permission denied")) {
            return readOnly(doing, folder, cause);
        } else if (lower.contains("lock ") && lower.contains("/db/lock")) {
            return locked(folder, "another process", cause);
        } else if (lower.contains("no such file")) {
            return damaged(doing, folder, text, cause);
        }
        return unavailable(doing, folder, text, cause);
    }

    static StorageException notFound(Path folder, String why) {
        return error(
                ErrorCode.STORE_NOT_FOUND,
                "there is no store at " + folder + ": " + why
                        + "; check the path; nothing was made there (the first run of a script makes one, and createIfMissing in Java)",
                folder,
                null);
    }

    static StorageException notAFolder(Path file) {
        return error(
                ErrorCode.STORE_NOT_FOUND,
                "a store is a folder, but " + file
                        + " is a file; give the path of a folder, or of one that can be made",
                file,
                null);
    }

    static StorageException locked(Path folder, String holder, @Nullable Exception cause) {
        return error(
                ErrorCode.STORE_LOCKED,
                "the store " + folder + " is in use by " + holder + "; stop that, or choose another folder",
                folder,
                cause);
    }

    static StorageException corrupt(Path folder, String what, @Nullable Exception cause) {
        return error(
                ErrorCode.STORE_CORRUPT,
                "the store " + folder + " is damaged and was not opened: " + what
                        + "; keep the folder as it is and restore a backup",
                folder,
                cause);
    }

    /** Damage that RocksDB met: at opening, or later in a block that nobody had read before. */
    private static StorageException damaged(String doing, Path folder, String what, Exception cause) {
        if (doing.startsWith(OPENING)) {
            return corrupt(folder, what, cause);
        }
        return error(
                ErrorCode.STORE_CORRUPT,
                doing + " failed, because the store " + folder + " is damaged: " + what
                        + "; stop writing, keep the folder as it is and restore a backup",
                folder,
                cause);
    }

    static StorageException tooNew(Path folder, String what, @Nullable Exception cause) {
        return error(
                ErrorCode.STORE_TOO_NEW,
                "the store " + folder + " was written by a newer release: " + what
                        + "; use that release or a newer one",
                folder,
                cause);
    }

    static StorageException full(String doing, Path folder, @Nullable Exception cause) {
        return error(
                ErrorCode.STORE_FULL,
                doing + " failed, because the disk of " + folder
                        + " has no room left; reading goes on, and writing too as soon as there is room",
                folder,
                cause);
    }

    private static StorageException readOnly(String doing, Path folder, Exception cause) {
        return error(
                ErrorCode.STORE_READ_ONLY,
                doing + " failed, because " + folder
                        + " cannot be written; give the process the right to write, or choose another folder",
                folder,
                cause);
    }

    static StorageException opened(Path folder) {
        return error(
                ErrorCode.STORE_READ_ONLY,
                "the store " + folder
                        + " was opened for reading beside its writer; write through the process that holds it",
                folder,
                null);
    }

    static StorageException unwatched(Path folder) {
        return error(
                ErrorCode.STORE_UNSUPPORTED,
                "a reader of the store " + folder
                        + " cannot watch it; read again, or watch in the process that holds it",
                folder,
                null);
    }

    static StorageException unavailable(String doing, Path folder, String why, @Nullable Exception cause) {
        return error(
                ErrorCode.STORE_UNAVAILABLE,
                doing + " failed (store " + folder + "): " + why + "; look at the disk, then open the store again",
                folder,
                cause);
    }

    private static StorageException error(ErrorCode code, String text, Path folder, @Nullable Exception cause) {
        return new StorageException(code, text, Map.of("folder", folder.toString()), cause);
    }
}
