package dev.weft.gateway.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
 */
@JsonPropertyOrder({"id", "object", "created", "owned_by", "root", "parent"})
record Model(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy,
        String root,
        @Nullable String parent) {
    static Model of(String id, long created, String root, @Nullable String parent) {
        return new Model(id, "model", created, "weft", root, parent);
    }
}
