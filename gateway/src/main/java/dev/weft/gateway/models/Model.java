package dev.weft.gateway.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.feed.ServedVersion;
import org.jspecify.annotations.Nullable;

/**
 * A model as OpenAI's API lists it, with the two fields by which vLLM tells an adapter from a base.
 *
 * @param id the name that clients write in {@code model}
 * @param object {@code model}
 * @param created seconds since 1970
 * @param ownedBy {@code weft}
 * @param root its source
 * @param parent the base of an adapter; null for a base
 * @param task what an adapter was trained for; left out for a base
 */
@JsonPropertyOrder({"id", "object", "created", "owned_by", "root", "parent", "task_type"})
record Model(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy,
        String root,
        @Nullable String parent,
        @JsonProperty("task_type") @JsonInclude(JsonInclude.Include.NON_NULL)
                @Nullable AdapterTask task) {
    static Model base(String id, long created, String root) {
        return new Model(id, "model", created, "weft", root, null, null);
    }

    static Model adapter(String id, ServedVersion version, String base) {
        return new Model(
                id,
                "model",
                version.created().getEpochSecond(),
                "weft",
                version.root(),
                base,
                version.facts().task());
    }
}
