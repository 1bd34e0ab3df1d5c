package dev.weft.standalone.launch;

import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.standalone.adapters.client.AdapterVersion;

/**
 * An adapter that requests may name.
 *
 * @param makesText false if it makes vectors or scores
 */
record ReadyAdapter(String name, boolean makesText) {
    static ReadyAdapter of(String name, AdapterVersion version) {
        AdapterTask task = version.content().task();
        return new ReadyAdapter(name, task == null || task == AdapterTask.CAUSAL_LM);
    }
}
