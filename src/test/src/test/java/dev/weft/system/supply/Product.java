package dev.weft.system.supply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The product's folder, as the build of deploy/standalone makes it. */
final class Product {
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    static final Path FOLDER = ROOT.resolve("deploy/standalone/target/weft");

    /** The version of Weft's own modules is part of their jars' names. */
    private static final String OWN = "-0.1.0-SNAPSHOT.jar";

    private Product() {}

    static List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("lib"))) {
            return files.sorted().toList();
        }
    }

    static boolean isOwn(Path jar) {
        return jar.getFileName().toString().endsWith(OWN);
    }

    /** The jars with Weft's own code. */
    static List<Path> ownJars() throws IOException {
        return Stream.concat(
                        Stream.of(FOLDER.resolve("weft.jar")),
                        libraries().stream().filter(Product::isOwn))
                .toList();
    }
}
