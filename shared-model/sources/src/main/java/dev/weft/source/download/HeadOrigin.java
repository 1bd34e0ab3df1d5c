package dev.weft.source.download;

import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The heads of an origin's safetensors files, each as a file of its own. A file is asked for from
 * its first byte on, and its connection is closed behind the header, so that some kilobytes of a
 * checkpoint of many gigabytes are moved.
 */
final class HeadOrigin implements FileOrigin {
    private final FileOrigin whole;
    private List<Listing.Listed> files = List.of();

    HeadOrigin(FileOrigin whole) {
        this.whole = whole;
    }

    @Override
    public String address() {
        return whole.address();
    }

    @Override
    public Optional<String> pinned() {
        return whole.pinned();
    }

    @Override
    public Listing list() throws IOException, SourceException, InterruptedException {
        Listing listing = whole.list();
        files = listing.files();
        return new Listing(
                listing.commit(),
                listing.files().stream()
                        .map(file -> new Listing.Listed(file.name() + FileSelection.HEAD, -1, ""))
                        .toList());
    }

    /** A head is never continued: it begins anew. */
    @Override
    public RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException, InterruptedException {
        String file = name.substring(0, name.length() - FileSelection.HEAD.length());
        Listing wholes = new Listing(listing.commit(), files);
        try (RemoteBody body = whole.open(wholes, file, 0, part)) {
            Reader reader = new Reader(body);
            byte[] head = HeadBytes.read(reader::next, file);
            return new Head(new ByteArrayInputStream(head), head.length);
        }
    }

    /** Gathers exact numbers of bytes. */
    private static final class Reader {
        private final RemoteBody body;
        private byte[] left = new byte[0];

        Reader(RemoteBody body) {
            this.body = body;
        }

        byte[] next(int count) throws IOException {
            byte[] taken = Arrays.copyOf(left, count);
            int at = Math.min(left.length, count);
            left = Arrays.copyOfRange(left, at, left.length);
            byte[] buffer = new byte[1 << 14];
            while (at < count) {
                int n = body.read(buffer);
                if (n < 0) {
                    throw new IOException("ended after " + at + " of " + count + " bytes");
                }
                int used = Math.min(n, count - at);
                System.arraycopy(buffer, 0, taken, at, used);
                left = Arrays.copyOfRange(buffer, used, n);
                at += used;
            }
            return taken;
        }
    }

    /** A head that is here. */
    private record Head(ByteArrayInputStream bytes, int size) implements RemoteBody {
        @Override
        public RemoteFile file() {
            return new RemoteFile("", size, null);
        }

        @Override
        public long start() {
            return 0;
        }

        @Override
        public int read(byte[] buffer) {
            return bytes.read(buffer, 0, buffer.length);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
