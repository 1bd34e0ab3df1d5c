package dev.weft.standalone.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandClientsTest {
    @Test
    void aFileWithoutCertificatesIsNamedWithItsVariable(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("ca.crt"), "nothing");
        assertThatThrownBy(() -> CommandClients.trusting(file))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("WEFT_TRUST: '" + file + "' is not allowed")
                .hasMessageContaining("certificates in PEM");
    }

    @Test
    void whoIsNotBelievedIsToldOfTheVariable() {
        assertThat(CommandClients.hint(new SSLHandshakeException("no path")))
                .contains("WEFT_TRUST")
                .contains("no path");
        assertThat(CommandClients.hint(new IOException("refused"))).isEmpty();
    }
}
