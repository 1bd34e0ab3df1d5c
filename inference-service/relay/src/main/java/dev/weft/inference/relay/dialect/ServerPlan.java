package dev.weft.inference.relay.dialect;

import dev.weft.protocol.adapter.LinearModule;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server that the worker starts has to do.
 *
 * @param base that it serves
 * @param port on loopback
 * @param limits for adapters
 */
public record ServerPlan(Base base, int port, Folders folders, Limits limits) {
    /**
     * A base.
     *
     * @param checkpoint its folder
     * @param name under which it is served
     * @param modules that adapters may change, in any of its layers
     */
    public record Base(Path checkpoint, String name, List<LinearModule> modules) {
        public Base {
            modules = List.copyOf(modules);
        }
    }

    /**
     * Folders that the server reads beside the checkpoint.
     *
     * @param adapters folder of adapters, as the server sees it
     * @param options folder of files with options
     */
    public record Folders(Path adapters, Path options) {}

    /**
     * Limits on the number of adapters and on their size.
     *
     * @param slots adapters in one batch
     * @param held adapters that the server holds in host memory, those in the batch included
     * @param rank largest rank
     */
    public record Limits(int slots, int held, int rank) {
        public Limits {
            if (slots < 1 || held < slots || rank < 1) {
                throw new IllegalArgumentException(
                        "slots %d, held %d, rank %d: at least 1, slots and 1"
                                .formatted(slots, held, rank));
            }
        }
    }
}
