package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.LoraArrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The types of the values in TensorRT-LLM's arrays.
 *
 * @param usual type for a base without a deployment file
 * @param byBase type by the name of a base, as its deployment file says
 */
record ArrayTypes(NpyType usual, Map<String, NpyType> byBase) {
    ArrayTypes {
        byBase = Map.copyOf(byBase);
    }

    /** The types in the files of a fleet; that of the first file is the usual one. */
    static ArrayTypes of(Fleet fleet) {
        List<Deployment> all = fleet.deployments();
        return new ArrayTypes(
                LoraArrays.storage(all.getFirst().lora().plugin()),
                all.stream()
                        .collect(
                                Collectors.toMap(
                                        deployment -> deployment.base().servedName(),
                                        deployment ->
                                                LoraArrays.storage(deployment.lora().plugin()))));
    }

    NpyType of(Base base) {
        return byBase.getOrDefault(base.name(), usual);
    }
}
