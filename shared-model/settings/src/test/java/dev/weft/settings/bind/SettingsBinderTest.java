package dev.weft.settings.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.SizeRange;
import dev.weft.settings.Unset;
import dev.weft.settings.key.NearestKey;
import dev.weft.settings.key.SettingKeys;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.unit.DataSize;

class SettingsBinderTest {
    private static final Path FOLDER = Path.of("/deployments").toAbsolutePath();

    /** A record as features have them. */
    @ConfigurationProperties("weft.sample")
    record Sample(
            @DefaultValue("8080") @Range(min = 0, max = 65535) int port,
            @DefaultValue("2m") @DurationMin(seconds = 1) @DurationMax(hours = 1)
                    Duration requestTimeout,
            @DefaultValue("8MiB") @SizeRange(min = "1KiB", max = "1GiB") DataSize largest,
            @DefaultValue("fast-one") Mode mode,
            @DefaultValue List<URI> workers,
            @DefaultValue("a") List<@Pattern(regexp = "[a-z]+", message = "a word") String> names,
            @Unset("none") @Nullable Path file,
            @DefaultValue Map<String, Entry> entries,
            @DefaultValue Inner inner)
            implements Consistent {
        @Override
        public void check(Faults faults, BoundSettings all) {
            if (names.size() > port) {
                faults.add(List.of("inner", "rate"), names.size() + " is not allowed: fewer");
            }
        }
    }

    record Entry(@DefaultValue("1") @Range(min = 1, max = 3) int share) {}

    record Inner(@DefaultValue("0.5") double rate) {}

    enum Mode {
        FAST_ONE,
        SLOW
    }

    private static final SettingKeys KEYS = SettingKeys.of(List.of(Sample.class));

    private static SettingsBinder reader(Map<String, Object> values) {
        return new SettingsBinder(KEYS, List.of(new MapPropertySource("given", values)), FOLDER);
    }

    private static Sample read(SettingsBinder reader) {
        return reader.read(List.of(Sample.class)).get(Sample.class);
    }

    @Test
    void fillsInDefaults() {
        SettingsBinder reader = reader(Map.of());

        assertThat(read(reader))
                .isEqualTo(
                        new Sample(
                                8080,
                                Duration.ofMinutes(2),
                                DataSize.ofMegabytes(8),
                                Mode.FAST_ONE,
                                List.of(),
                                List.of("a"),
                                null,
                                Map.of(),
                                new Inner(0.5)));
        assertThat(reader.faults()).isEmpty();
    }

    @Test
    void readsWhatIsGiven() {
        SettingsBinder reader =
                reader(
                        Map.of(
                                "weft.sample.workers", "http://a:1/, https://b",
                                "weft.sample.file", "keys/a.pem",
                                "weft.sample.entries[x.y].share", "2",
                                "weft.sample.mode", "slow",
                                "weft.sample.largest", "64KB"));

        Sample sample = read(reader);

        assertThat(sample.workers())
                .containsExactly(URI.create("http://a:1"), URI.create("https://b"));
        assertThat(sample.file()).isEqualTo(FOLDER.resolve("keys/a.pem"));
        assertThat(sample.entries()).containsExactly(Map.entry("x.y", new Entry(2)));
        assertThat(sample.mode()).isEqualTo(Mode.SLOW);
        assertThat(sample.largest()).isEqualTo(DataSize.ofBytes(64_000));
        assertThat(reader.faults()).isEmpty();
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        SettingsBinder reader =
                reader(
                        Map.of(
                                "weft.sample.port", "99999",
                                "weft.sample.request-timeout", "30",
                                "weft.sample.mode", "medium",
                                "weft.sample.workers", "http://a,b",
                                "weft.sample.names", "a,B",
                                "weft.sample.entries[x.y].share", "4",
                                "weft.sample.inner.rate", "much"));

        read(reader);

        assertThat(reader.faults())
                .extracting(fault -> String.join(".", fault.path()) + ": " + fault.message())
                .containsExactlyInAnyOrder(
                        "weft.sample.port: '99999' is not allowed: 0 to 65535",
                        "weft.sample.request-timeout: '30' is not allowed: 1s to 1h, with the unit"
                                + " ms, s, m or h",
                        "weft.sample.mode: 'medium' is not allowed: fast-one, slow",
                        "weft.sample.workers: 'b' is not allowed: an address like"
                                + " http://127.0.0.1:8081",
                        "weft.sample.names: 'B' is not allowed: a word",
                        "weft.sample.entries.x.y.share: '4' is not allowed: 1 to 3",
                        "weft.sample.inner.rate: 'much' is not allowed: a text");
    }

    @Test
    void aRecordTellsWhatDoesNotFitTogether() {
        SettingsBinder reader = reader(Map.of("weft.sample.port", "0"));

        read(reader);

        assertThat(reader.faults())
                .extracting(SettingFault::path, SettingFault::message)
                .containsExactly(
                        tuple(
                                List.of("weft", "sample", "inner", "rate"),
                                "1 is not allowed: fewer"));
    }

    @ParameterizedTest
    @CsvSource({
        "weft.sampel.port, weft.sample.port",
        "weft.sample.prot, weft.sample.port",
        "weft.sampl, weft.sample"
    })
    void suggestsWhatWasMeant(String written, String meant) {
        assertThat(new NearestKey(KEYS).to(List.of(written.split("\\.")))).isEqualTo(meant);
    }
}
