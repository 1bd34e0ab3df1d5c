package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.deployment.truss.Truss;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.secret.SecretSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/configuration.md match the records. {@code mvn test -pl deploy/standalone -am
 * -Dtest=ConfigurationPageTest -Dweft.docs=write} writes them anew.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");
    private static final String HEAD = "| key | default | allowed | what it is |";

    private final Descriptions descriptions =
            new Descriptions(Truss.class, Truss.Adapter.class, SecretSettings.Entry.class);

    @Test
    void hasALineForEverySetting() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        List<String> written = withTables(page);
        if ("write".equals(System.getProperty("weft.docs"))) {
            Files.writeString(PAGE, String.join("\n", written) + "\n");
        }
        assertThat(page).isEqualTo(written);
    }

    /** The first table has Truss's keys, the second Weft's. */
    private List<String> withTables(List<String> page) {
        var lines = new ArrayList<String>();
        boolean weft = false;
        boolean within = false;
        for (String line : page) {
            if (line.equals(HEAD)) {
                within = true;
                lines.add(line);
                lines.add("|---|---|---|---|");
                lines.addAll(rows(weft));
                weft = true;
            } else if (!within || !line.startsWith("|")) {
                within = false;
                lines.add(line);
            }
        }
        return lines;
    }

    private List<String> rows(boolean weft) {
        return DeploymentKeys.ALL.all().stream()
                .filter(key -> weft == key.path().getFirst().equals(DeploymentKeys.WEFT))
                .map(this::row)
                .toList();
    }

    private String row(SettingKey key) {
        String description = descriptions.of(key);
        assertThat(description).as(key.name()).isNotEmpty();
        return "| `%s` | %s | %s | %s |"
                .formatted(key.name(), key.defaultText(), key.allowed(), description);
    }
}
