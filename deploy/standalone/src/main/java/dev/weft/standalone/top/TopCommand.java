package dev.weft.standalone.top;

import dev.weft.service.ServiceToken;
import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogOptions;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import dev.weft.standalone.http.GatewayOption;
import dev.weft.standalone.http.OfUrl;
import dev.weft.standalone.http.WorkerOption;
import java.io.Console;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code top}. */
@Command(
        name = "top",
        description = {
            "Shows workers and adapters, live: tokens/s, queues, where adapters are, step times.",
            "Ctrl-C ends it. If standard output is not a terminal, it shows one frame."
        },
        mixinStandardHelpOptions = true)
public final class TopCommand implements Callable<Integer> {
    /** The lines and columns of a frame for a file or a pipe, which shows everything. */
    private static final int UNBOUNDED = 1_000_000;

    @Mixin private WorkerOption workers = new WorkerOption();

    @Mixin private CatalogOptions catalog = new CatalogOptions();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Token for the services (default: the environment's WEFT_TOKEN).")
    private @Nullable String token;

    @Option(
            names = GatewayOption.NAME,
            paramLabel = "URL",
            defaultValue = GatewayOption.USUAL,
            converter = OfUrl.class,
            description =
                    "The gateway, which counts tokens/s by adapter; it need not be there"
                            + " (default: ${DEFAULT-VALUE}).")
    private URI gateway = URI.create(GatewayOption.USUAL);

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Seconds between two frames, 0.1 to 3600 (default: ${DEFAULT-VALUE}).")
    private double interval = 1;

    @Option(names = "--once", description = "Prints one frame, over one interval.")
    private boolean once;

    @Option(names = "--json", description = "Prints one frame as JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        Duration pause = pause();
        try (Watch watch = new Watch(addresses(), gateway, secret(), CommandClients.client())) {
            watch.begin();
            if (json || once || !isTerminal()) {
                print(watch, pause);
            } else {
                live(watch, pause);
            }
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private Duration pause() {
        if (!(interval >= 0.1 && interval <= 3600)) {
            throw new ParameterException(
                    spec.commandLine(), "--interval " + interval + ": allowed is 0.1 to 3600");
        }
        return Duration.ofMillis(Math.round(interval * 1e3));
    }

    private List<URI> addresses() throws CommandException {
        List<URI> named = workers.addresses();
        if (!named.isEmpty()) {
            return named;
        }
        List<URI> known = new ArrayList<>();
        try (CatalogClient client = catalog.open(secret(), null)) {
            known.addAll(client.workers());
        }
        if (known.isEmpty()) {
            throw new CommandException(
                    "the catalog at %s knows no worker; %s names one"
                            .formatted(catalog.address(), WorkerOption.NAME));
        }
        return known;
    }

    private @Nullable String secret() {
        return token == null
                ? CatalogToken.fromEnvironment().orElse(null)
                : ServiceToken.checked(token, "the token of --token");
    }

    private void print(Watch watch, Duration pause) throws InterruptedException {
        Thread.sleep(pause);
        ScreenFrame frame = watch.next();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(FrameJson.of(frame));
        } else {
            frame.lines(UNBOUNDED, UNBOUNDED).forEach(out::println);
        }
        out.flush();
    }

    /** Shows frames until the process is told to end. */
    private void live(Watch watch, Duration pause) throws InterruptedException {
        Screen screen = new Screen(spec.commandLine().getOut());
        Runtime.getRuntime().addShutdownHook(new Thread(screen::close, "restore-terminal"));
        try (screen) {
            while (true) {
                Thread.sleep(pause);
                Screen.Size size = Screen.size();
                screen.show(watch.next().lines(size.width(), size.height()));
            }
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
}
