package dev.weft.inference.server.http.format;

import tools.jackson.core.JsonGenerator;

/**
 * What all documents of an answer have in common.
 *
 * @param created seconds since 1970
 * @param model as the client wrote it
 * @param usageToCome whether chunks say {@code "usage": null}, since a last one will tell it
 */
public record AnswerHead(String id, long created, String model, boolean usageToCome) {
    public void write(JsonGenerator json, String object) {
        json.writeStringProperty("id", id);
        json.writeStringProperty("object", object);
        json.writeNumberProperty("created", created);
        json.writeStringProperty("model", model);
    }
}
