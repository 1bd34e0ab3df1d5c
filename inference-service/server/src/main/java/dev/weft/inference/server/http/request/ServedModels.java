package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.models.ModelTasks;
import dev.weft.inference.server.models.PrefixSharing;
import dev.weft.inference.server.models.ResolvedModel;
import org.jspecify.annotations.Nullable;

/** The models that requests may name, what they are for, and whose prefixes they share. */
public record ServedModels(ModelDirectory directory, PrefixSharing prefixes, ModelTasks tasks) {
    /**
     * The model of a request.
     *
     * @param adapterHeader the gateway's header; null if there is none
     */
    public ResolvedModel of(JsonFields fields, @Nullable String adapterHeader) {
        fields.required("model", "the name of a model, as /v1/models lists them");
        return directory.resolve(fields.text("model").orElseThrow(), adapterHeader);
    }
}
