package dev.weft.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes .tar.gz archives, sound and hostile ones. */
final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream out;

    Tar() {
        try {
            out = new TarArchiveOutputStream(new GZIPOutputStream(bytes), "UTF-8");
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Tar file(String name, byte[] content) {
        return entry(new TarArchiveEntry(name, true), content);
    }

    Tar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Tar folder(String name) {
        return entry(new TarArchiveEntry(name + "/", true), new byte[0]);
    }

    /** The entry that gives the next one its name, as GNU writes long ones. */
    Tar longName(int length) {
        byte kind = TarConstants.LF_GNUTYPE_LONGNAME;
        return entry(new TarArchiveEntry(TarConstants.GNU_LONGLINK, kind), new byte[length]);
    }

    /** A link or a device: {@link TarConstants#LF_SYMLINK} and its like. */
    Tar special(String name, byte kind, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(target);
        return entry(entry, new byte[0]);
    }

    private Tar entry(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            out.putArchiveEntry(entry);
            out.write(content);
            out.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            out.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
