package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.Fleet;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.service.ServiceName;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.output.Printed;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run catalog|worker|gateway [FILE]}: one service, as in a fleet. */
@Command(
        name = "run",
        description = {
            "Starts one service alone, as in a fleet.",
            "A worker or gateway finds the catalog at weft.catalog.url, a gateway its workers at"
                    + " weft.gateway.workers or as weft.gateway.discovery says; by default they"
                    + " are looked for on this machine.",
            "Prints 'ready URL' once it can answer. Ctrl-C ends it."
        },
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "SERVICE",
            description = "One of ${COMPLETION-CANDIDATES}.")
    private ServiceName service = ServiceName.catalog;

    @Mixin private ServiceOptions options = new ServiceOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws DeploymentException, CommandException, InterruptedException {
        Fleet fleet = options.prepare(service, FileFolders.of(service.application()));
        if (service == ServiceName.worker && !fleet.isOne()) {
            throw new CommandException(
                    "a worker serves one base: name one of the files of weft.deployments");
        }
        var running = new Running(ServiceOptions.end(fleet));
        running.closeAtExit();
        LaunchTokens tokens = LaunchTokens.of(service == ServiceName.catalog);
        ServiceTls tls = DeployedServices.tls(fleet);
        RunningService started = start(fleet, tokens, tls);
        running.add(started);
        if (service == ServiceName.catalog) {
            new DeclaredAdapters(fleet, tokens.launcher(), tls).register(started.address());
        }
        Readiness.await(started, tls.client());
        Printed.line(spec, "ready " + started.address());
        running.awaitEnd();
        return 0;
    }

    private RunningService start(Fleet fleet, LaunchTokens tokens, ServiceTls tls)
            throws CommandException {
        var services = new DeployedServices(fleet, options.data(), tokens, tls, Clock.systemUTC());
        Addresses addresses = services.addresses();
        try {
            return switch (service) {
                case catalog -> services.ownCatalog();
                case worker -> services.worker(0, known(addresses.catalog(), "weft.catalog.url"));
                case gateway ->
                        services.gateway(
                                known(addresses.workers(), "weft.gateway.workers"),
                                known(addresses.catalog(), "weft.catalog.url"));
            };
        } catch (RuntimeException e) {
            throw Startup.failure(service, e);
        }
    }

    private static <T> T known(Optional<T> address, String key) throws CommandException {
        return address.orElseThrow(() ->
                new CommandException(
                        "--set "
                                + key
                                + "=http://HOST:PORT must say where it is, since its port"
                                + " is 0"));
    }
}
