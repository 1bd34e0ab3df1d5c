package dev.weft.catalog.settings;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Shown;
import dev.weft.settings.SizeRange;
import dev.weft.settings.Unset;
import dev.weft.settings.secret.SecretSettings;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code weft.catalog}.
 *
 * @param database PostgreSQL database of the catalog.
 * @param fileRoots Folders that FILE sources given through the admin API may lie in, but not below
 *     a data folder of Weft; absolute or relative to the deployment file.
 * @param ingestTimeout Longest time that fetching and checking one adapter may take. A source that
 *     is away is waited for three times as long on top of that.
 * @param artifacts Bucket that the artifacts are stored in, for the catalogs of one database and no
 *     others, since what that database does not need is removed; endpoint and credentials are those
 *     of {@code weft.sources}.
 * @param artifactGrace How long an artifact that no version needs is kept.
 * @param artifactCacheBytes Copies of artifacts that the catalog keeps on its own disk if they are
 *     stored in a bucket; the one unused for longest goes first. One that was used within the last
 *     minute stays, so there may be more for a while.
 * @param usageDays Days for which usage is kept at least; then whole months are removed.
 * @param serviceToken Secret of {@code weft.secrets} that is a token of role {@code service}
 *     besides those that the catalog makes: whoever starts a fleet gives the same to gateways and
 *     workers. Its text is {@code weft_} and 43 letters, digits, {@code -} or {@code _}.
 */
@ConfigurationProperties("weft.catalog")
public record CatalogSettings(
        @Unset("H2 in a file of the data folder")
                @Shown(Shown.How.WITHOUT_PASSWORD)
                @Pattern(
                        regexp = "(jdbc|r2dbc|r2dbc:pool):postgresql://\\S+",
                        message =
                                "jdbc:postgresql://user:password@host:5432/name, or r2dbc:"
                                        + " instead of jdbc:")
                @Nullable String database,
        @DefaultValue(".") @Allowed("folders that exist") @Unset("the deployment file's folder")
                List<Path> fileRoots,
        @DefaultValue("15m") @DurationMin(seconds = 1) @DurationMax(hours = 24)
                Duration ingestTimeout,
        @Allowed("s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX")
                @Unset("a folder of the data folder")
                @Nullable ObjectAddress artifacts,
        @DefaultValue("24h") @DurationMin(minutes = 1) @DurationMax(hours = 8760)
                Duration artifactGrace,
        @DefaultValue("20GiB") @SizeRange DataSize artifactCacheBytes,
        @DefaultValue("400") @Range(min = 100, max = 36_500) int usageDays,
        @Pattern(regexp = "[A-Za-z0-9_-]+", message = "the name of a secret") @Unset("none")
                @Nullable String serviceToken)
        implements Consistent {
    public CatalogSettings {
        fileRoots = List.copyOf(fileRoots);
    }

    @Override
    public void checkFiles(Faults faults, BoundSettings all) {
        for (Path root : fileRoots) {
            if (!Files.isDirectory(root)) {
                faults.add("file-roots", "'" + root + "' is not allowed: it is not a folder");
            }
        }
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        if (serviceToken != null) {
            all.get(SecretSettings.class).require(serviceToken, "service-token", faults);
        }
    }
}
