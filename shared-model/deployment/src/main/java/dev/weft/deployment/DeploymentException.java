package dev.weft.deployment;

import dev.weft.deployment.document.DeploymentFault;
import dev.weft.deployment.document.Origin;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown if a deployment can't be used; it holds every fault. */
public final class DeploymentException extends Exception {
    private static final Comparator<DeploymentFault> BY_PLACE =
            Comparator.comparingInt(fault ->
                    switch (fault.origin()) {
                        case Origin.InFile place -> place.line();
                        case Origin.CommandLine _, Origin.InEnvironment _, Origin.Default _ ->
                                Integer.MAX_VALUE;
                    });

    private final List<DeploymentFault> faults;

    DeploymentException(List<DeploymentFault> faults) {
        super(
                faults.stream()
                        .sorted(BY_PLACE)
                        .map(DeploymentFault::toString)
                        .collect(Collectors.joining("\n")));
        this.faults = faults.stream().sorted(BY_PLACE).toList();
    }

    /** The faults, at least one, in the order of the file; those of the command line come last. */
    public List<DeploymentFault> faults() {
        return faults;
    }
}
