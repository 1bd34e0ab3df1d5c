package dev.weft.catalog.fetch;

import java.io.IOException;

/**
 * A file of this catalog can't be written, e.g. because its disk is full. The operator must act. It
 * isn't a version's fault, so the version waits.
 */
public final class DiskException extends IOException {
    /** Work on files of this catalog. */
    public interface Work<T> {
        T run() throws IOException;
    }

    /** Work on files of this catalog that has no result. */
    public interface Deed {
        void run() throws IOException;
    }

    public DiskException(Exception cause) {
        super("this catalog's disk: " + cause.getMessage(), cause);
    }

    /** Does the work; each failure counts as one of the disk. */
    static <T> T in(Work<T> work) throws DiskException {
        try {
            return work.run();
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Does work that has no result; each failure counts as one of the disk. */
    static void whileDoing(Deed deed) throws DiskException {
        try {
            deed.run();
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }
}
