package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.Fleet;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.service.ServiceName;
import dev.weft.service.settings.AddressSettings;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.log.ServiceLog;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve [FILE]}: all services in one process. */
@Command(
        name = "serve",
        description = {
            "Starts catalog, worker and gateway in one process from a deployment file, or the"
                    + " workers of several bases from a file that lists theirs (weft.deployments).",
            "Prints 'ready URL' once a request would be answered. Ctrl-C ends it."
        },
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    private static final Duration FIRST_ANSWER = Duration.ofMinutes(2);

    @Mixin private ServiceOptions options = new ServiceOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws DeploymentException, CommandException, InterruptedException {
        Fleet fleet = options.prepare(ServiceName.gateway, FileFolders.ALL);
        var running = new Running(ServiceOptions.end(fleet));
        running.closeAtExit();
        Started started;
        try (var _ = ServiceLog.starting()) {
            started = start(fleet, running);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                new Summary(started.services, fleet.bases(), started.adapters, options.isSample()));
        out.println("ready " + started.services.gateway().address());
        out.flush();
        running.awaitEnd();
        return 0;
    }

    private record Started(Startup.Listening services, List<ReadyAdapter> adapters) {}

    private Started start(Fleet fleet, Running running) throws CommandException {
        LaunchTokens tokens =
                LaunchTokens.of(fleet.settings(AddressSettings.class).catalog().url() == null);
        ServiceTls tls = DeployedServices.tls(fleet);
        var deployed = new DeployedServices(fleet, options.data(), tokens, tls, Clock.systemUTC());
        var startup = new Startup(deployed, deployed.addresses(), running);
        var registration = startup.register(new DeclaredAdapters(fleet, tokens.launcher(), tls));
        Startup.Listening services = startup.all();
        List<ReadyAdapter> ready = Startup.await(registration);
        List<String> listed =
                new FirstRequest(services.gateway().address(), tokens, tls.client())
                        .await(
                                fleet.bases(),
                                ready.stream().map(ReadyAdapter::name).toList(),
                                FIRST_ANSWER);
        return new Started(
                services,
                ready.stream().filter(adapter -> listed.contains(adapter.name())).toList());
    }
}
