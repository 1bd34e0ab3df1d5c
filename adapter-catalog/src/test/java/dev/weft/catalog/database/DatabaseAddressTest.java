package dev.weft.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.r2dbc.spi.ConnectionFactoryOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    @Test
    void aPostgresAddressNamesTheSameDatabaseForJdbc() {
        DatabaseAddress address =
                DatabaseAddress.postgres(
                        "r2dbc:postgresql://weft:p%40ss@db.example:6543/catalog?sslMode=require&schema=weft");

        assertThat(address.jdbcUrl())
                .isEqualTo(
                        "jdbc:postgresql://db.example:6543/catalog?sslmode=require&currentSchema=weft");
        assertThat(address.user()).isEqualTo("weft");
        assertThat(address.password()).isEqualTo("p@ss");
        assertThat(address.options().getValue(ConnectionFactoryOptions.DATABASE))
                .isEqualTo("catalog");
        assertThat(DatabaseAddress.postgres("r2dbc:postgresql://u:p@h/n").jdbcUrl())
                .isEqualTo("jdbc:postgresql://h/n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r2dbc:mysql://u:secret@h/n",
                "r2dbc:postgresql://h/n",
                "r2dbc:postgresql://u:secret@h",
                "jdbc:postgresql://u:secret@h/n",
                "secret"
            })
    void anythingElseIsRefusedWithoutTellingThePassword(String url) {
        assertThatThrownBy(() -> DatabaseAddress.postgres(url))
                .hasMessageContaining("weft.catalog.database")
                .hasMessageContaining("r2dbc:postgresql://user:password@host:port/name")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed(@TempDir Path data) {
        assertThatThrownBy(() -> Databases.open("r2dbc:postgresql://u:secret@127.0.0.1:1/n", data))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/n")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFolderThatH2CannotNameIsRefused() {
        assertThatThrownBy(() -> DatabaseAddress.h2(Path.of("a;b")))
                .hasMessageContaining("data folder 'a;b'");
    }
}
