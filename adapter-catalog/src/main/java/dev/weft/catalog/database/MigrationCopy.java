package dev.weft.catalog.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.ZipInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of an H2 database, kept while migrations run. H2 commits each statement of a migration at
 * once: a process that ends within a migration leaves tables that no migration fits. The next start
 * then begins with the copy. PostgreSQL rolls a migration back by itself.
 */
final class MigrationCopy {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationCopy.class);

    private final Path database;
    private final Path copy;

    /**
     * @param data folder of the database
     */
    MigrationCopy(Path data) {
        this.database = data.resolve("catalog.mv.db");
        this.copy = data.resolve("catalog.before-migration.zip");
    }

    /** Copies an open database; the copy is empty if the database has no tables yet. */
    void take(Connection open, boolean empty) throws SQLException {
        try {
            if (empty) {
                Files.write(copy, new byte[0]);
                return;
            }
            Path part = copy.resolveSibling(copy.getFileName() + ".part");
            try (Statement backup = open.createStatement()) {
                backup.execute("BACKUP TO '" + part.toString().replace("'", "''") + "'");
            }
            Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the copy, since the database is up to date. */
    void drop() {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts the copy back if there is one, before the database is opened. A database that another
     * process has open is left alone: that process is at work on it.
     */
    void restore() {
        if (!Files.exists(copy)) {
            return;
        }
        try (FileChannel file =
                        FileChannel.open(
                                database, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock != null) {
                LOG.warn("the database was not brought up to date to the end: it begins anew");
                putBack();
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("this process has the database open", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void putBack() throws IOException {
        if (Files.size(copy) == 0) {
            Files.delete(database);
        } else {
            Path part = database.resolveSibling(database.getFileName() + ".part");
            try (InputStream zip = Files.newInputStream(copy);
                    ZipInputStream entries = new ZipInputStream(zip)) {
                if (entries.getNextEntry() == null) {
                    throw new IOException(copy + " is empty");
                }
                Files.copy(entries, part, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(part, database, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.delete(copy);
    }
}
