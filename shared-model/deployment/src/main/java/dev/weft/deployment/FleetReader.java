package dev.weft.deployment;

import dev.weft.deployment.document.DeploymentFault;
import dev.weft.deployment.document.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the files of a fleet, or reports the faults of all of them. */
final class FleetReader {
    static final String KEY = "weft.deployments";

    private final Origin listed;
    private final List<DeploymentFault> faults;

    /** Reads a file that describes one base. */
    interface Reader {
        Deployment read(Path file) throws DeploymentException;
    }

    /**
     * @param listed the place at which the file lists the others
     */
    FleetReader(Origin listed, List<DeploymentFault> faults) {
        this.listed = listed;
        this.faults = faults;
    }

    /**
     * Reads the deployments. Faults are collected; a deployment whose file has some is left out.
     *
     * @param places where each file is listed
     */
    List<Deployment> read(List<Path> files, List<Origin> places, Reader reader) {
        List<Deployment> deployments = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            try {
                deployments.add(reader.read(files.get(i)));
            } catch (DeploymentException e) {
                Origin place = places.get(i);
                e.faults().forEach(fault -> faults.add(placed(fault, place)));
            }
        }
        checkNames(deployments);
        return deployments;
    }

    /**
     * A fault of a file as a whole has no place in it. It gets the place at which the file is
     * listed.
     */
    private static DeploymentFault placed(DeploymentFault fault, Origin place) {
        return fault.origin() instanceof Origin.Default && fault.path().isEmpty()
                ? new DeploymentFault(KEY, place, fault.message())
                : fault;
    }

    /**
     * Refuses names that lead to two things: a name is a base's, or that of an adapter of one base.
     */
    private void checkNames(List<Deployment> deployments) {
        Map<String, String> owners = new HashMap<>();
        for (Deployment deployment : deployments) {
            String base = deployment.base().servedName();
            String other = owners.putIfAbsent(base, base);
            if (other != null) {
                fault("two of the files serve their base as '" + base + "'");
            }
        }
        for (Deployment deployment : deployments) {
            String base = deployment.base().servedName();
            for (Deployment.DeclaredAdapter adapter : deployment.lora().adapters()) {
                String other = owners.putIfAbsent(adapter.name(), base);
                if (other != null) {
                    fault(
                            "the name '%s' is an adapter of '%s', and %s"
                                    .formatted(
                                            adapter.name(),
                                            base,
                                            other.equals(adapter.name())
                                                    ? "a base"
                                                    : "one of '" + other + "'"));
                }
            }
        }
    }

    private void fault(String message) {
        faults.add(new DeploymentFault(KEY, listed, message));
    }
}
