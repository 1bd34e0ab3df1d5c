package dev.weft.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "r2dbc:postgresql://weft:p%40ss@h:6543/n?sslMode=require&schema=weft"
                        + " jdbc:postgresql://h:6543/n?sslmode=require&currentSchema=weft",
                "jdbc:postgresql://weft:p%40ss@h:6543/n?sslmode=require&currentSchema=weft"
                        + " jdbc:postgresql://h:6543/n?sslmode=require&currentSchema=weft",
                "jdbc:postgresql://h/n?user=weft&sslmode=require&password=p%40ss"
                        + " jdbc:postgresql://h/n?sslmode=require",
                "jdbc:postgresql://weft:p%40ss@one:5432,two:5432/n"
                        + " jdbc:postgresql://one:5432,two:5432/n",
                "r2dbc:pool:postgresql://weft:p%40ss@[::1]:5432/n jdbc:postgresql://[::1]:5432/n",
                "r2dbc:postgresql://weft:p%40ss@h/n jdbc:postgresql://h/n"
            })
    void anAddressNamesADatabaseForJdbc(String url, String jdbc) {
        DatabaseAddress address = DatabaseAddress.postgres(url);

        assertThat(address.jdbcUrl()).isEqualTo(jdbc);
        assertThat(address.user()).isEqualTo("weft");
        assertThat(address.password()).isEqualTo("p@ss");
        assertThat(address.toString()).doesNotContain("p@ss");
    }

    @Test
    void parametersOfR2dbcMeanTheSame() {
        String url =
                "r2dbc:postgresql://u:p@h/n?sslMode=VERIFY_FULL&sslRootCert=/ca.pem&sslCert=/c.pem"
                        + "&sslKey=/k.pem&sslPassword=x&applicationName=weft&connectTimeout=PT7S"
                        + "&tcpKeepAlive=true&autodetectExtensions=false";

        assertThat(DatabaseAddress.postgres(url).jdbcUrl())
                .isEqualTo(
                        "jdbc:postgresql://h/n?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem"
                            + "&sslkey=/k.pem&sslpassword=x&ApplicationName=weft"
                            + "&connectTimeout=7&tcpKeepAlive=true");
        assertThatThrownBy(() ->
                        DatabaseAddress.postgres(
                                "r2dbc:postgresql://u:secret@h/n?connectTimeout=soon"))
                .hasMessageContaining("connectTimeout 'soon'")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r2dbc:mysql://u:secret@h/n",
                "r2dbc:postgresql://h/n",
                "r2dbc:postgresql://u:secret@h",
                "r2dbc:postgresql://u:secret%@h/n",
                "jdbc:h2:mem:secret",
                "jdbc:postgresql://h/n?password=secret",
                "secret"
            })
    void anythingElseIsRefusedWithoutTellingThePassword(String url) {
        assertThatThrownBy(() -> DatabaseAddress.postgres(url))
                .hasMessageContaining("weft.catalog.database")
                .hasMessageContaining("jdbc:postgresql://user:password@host:port/name")
                .hasMessageContaining("r2dbc:postgresql://user:password@host:port/name")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed(@TempDir Path data) {
        assertThatThrownBy(() -> Databases.open("r2dbc:postgresql://u:secret@127.0.0.1:1/n", data))
                .hasRootCauseInstanceOf(ConnectException.class)
                .hasStackTraceContaining(
                        "the catalog's database jdbc:postgresql://127.0.0.1:1/n can't be brought"
                                + " up")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("secret"));
    }

    @Test
    void aFolderThatH2CannotNameIsRefused() {
        assertThatThrownBy(() -> DatabaseAddress.h2(Path.of("a;b")))
                .hasMessageContaining("data folder 'a;b'");
    }

    private static String trace(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
