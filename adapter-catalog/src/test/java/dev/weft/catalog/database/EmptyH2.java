package dev.weft.catalog.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.SingletonSupplier;

/** A file of H2 with the catalog's tables, made once, which is quicker to copy than to make. */
public final class EmptyH2 {
    private static final String NAME = "catalog.mv.db";
    private static final Supplier<byte[]> MODEL = SingletonSupplier.of(EmptyH2::make);

    private EmptyH2() {}

    private static byte[] make() {
        try {
            Path folder = Files.createTempDirectory("weft-empty-h2");
            Databases.openFresh(null, folder).close();
            byte[] model = Files.readAllBytes(folder.resolve(NAME));
            FileSystemUtils.deleteRecursively(folder);
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts an empty database into a data folder that has none. */
    public static void into(Path data) {
        Path file = data.resolve(NAME);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(data);
                Files.write(file, MODEL.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
