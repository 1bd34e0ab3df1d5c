package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The product is built without tests, so its build finds no jar of them. */
class ProductBuildTest {
    private static final Path POM = Path.of("..", "..", "deploy", "standalone", "pom.xml");

    @Test
    void theLauncherDependsOnNoTestJar() throws Exception {
        // copying the libraries resolves the dependencies of every scope, those of tests too
        assertThat(Files.readString(POM))
                .contains("copy-dependencies")
                .doesNotContain("<type>test-jar</type>", "<classifier>tests</classifier>");
    }
}
