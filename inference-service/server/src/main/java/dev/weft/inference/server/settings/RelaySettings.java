package dev.weft.inference.server.settings;

import dev.weft.service.settings.EngineSettings;
import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Shown;
import dev.weft.settings.Unset;
import dev.weft.settings.secret.BearerText;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.relay}: the server beside the worker, if {@code weft.engine} is one.
 *
 * @param url Address of a server that runs already, without a path; it should listen on loopback,
 *     since what goes past the worker is neither checked nor counted.
 * @param apiKey Key that the server asks for; with {@code command}, the key that it is started
 *     with.
 * @param sharedDir Folder into which the worker writes adapters and from which the server reads
 *     them; one for each worker.
 * @param serverDir Path by which the server sees {@code shared-dir}, if that is another one.
 * @param command Command that starts the server, such as {@code vllm serve}; the worker adds the
 *     checkpoint and the options that it needs ({@code ./weft engine plan} shows them), watches the
 *     server and starts it again when it ends.
 * @param model The server's own name of the base.
 * @param maxCpuLoras Adapters that the server holds in memory, {@code weft.inference.max-loras} of
 *     them in its batch: its {@code --max-cpu-loras} or {@code --max-loaded-loras}, for SGLang at
 *     least one more than {@code max-loras}; 0 means as many as {@code max-loras}.
 * @param startTimeout Longest time that the server may take until it answers.
 * @param silenceTimeout Longest time that the server may send nothing, from a request on. If it
 *     sends nobody anything for so long, its engine is asked whether it hangs.
 */
@ConfigurationProperties("weft.relay")
public record RelaySettings(
        @Unset("none") @Nullable URI url,
        @Shown(Shown.How.HIDDEN) @Unset("none") @Nullable String apiKey,
        @Unset("relay in the worker's data folder") @Allowed("a folder") @Nullable Path sharedDir,
        @Unset("shared-dir") @Allowed("a folder") @Nullable Path serverDir,
        @DefaultValue List<String> command,
        @Unset("the base that the server lists") @Nullable String model,
        @DefaultValue("0") @Range(min = 0, max = 4096) int maxCpuLoras,
        @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(hours = 2)
                Duration startTimeout,
        @DefaultValue("5m") @DurationMin(seconds = 1) @DurationMax(hours = 2)
                Duration silenceTimeout)
        implements Consistent {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** White space around the key, such as a file's last line end, is no part of it. */
    public RelaySettings {
        command = List.copyOf(command);
        apiKey = BearerText.bare(apiKey);
    }

    /** The words of {@code command}: its items, or those of its only item. */
    public List<String> words() {
        return command.size() == 1
                ? List.of(command.getFirst().strip().split("\\s+", -1))
                : command;
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        EngineSettings.Choice engine = all.get(EngineSettings.class).engine();
        if (!engine.isRelayed()) {
            return;
        }
        if ((url == null) == command.isEmpty()) {
            faults.add(
                    url == null ? "url" : "command",
                    "weft.engine: %s needs either weft.relay.url or weft.relay.command"
                            .formatted(engine.word()));
        }
        if (url != null && !isPlain(url)) {
            faults.add(
                    "url",
                    "'%s' is not allowed: http://HOST:PORT or https://HOST:PORT, without a path"
                            .formatted(withoutUser(url)));
        }
        if (apiKey != null && !BearerText.fits(apiKey)) {
            faults.add(
                    "api-key",
                    "it holds a character that is allowed in no header: letters, digits and signs"
                            + " of ASCII are");
        }
        int slots = all.get(InferenceSettings.class).maxLoras();
        if (maxCpuLoras > 0 && maxCpuLoras < slots) {
            faults.add(
                    "max-cpu-loras",
                    "%d is not allowed: 0, or at least weft.inference.max-loras, which is %d"
                            .formatted(maxCpuLoras, slots));
        }
    }

    /** Whether paths of requests can follow it. */
    private static boolean isPlain(URI url) {
        String path = url.getRawPath();
        return url.getHost() != null
                && SCHEMES.contains(String.valueOf(url.getScheme()))
                && (path == null || path.isEmpty() || path.equals("/"))
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null;
    }

    /** A password is shown to nobody. */
    private static String withoutUser(URI url) {
        String user = url.getRawUserInfo();
        return user == null ? url.toString() : url.toString().replace(user + "@", "***@");
    }
}
