package dev.weft.catalog.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Adds to the description what the handlers' code doesn't say: the answers that every operation may
 * give, and objects that may be null, which an OpenAPI reference can't express.
 */
final class OpenApiCompletion implements OpenApiCustomizer {
    private static final String NULL = "null";

    @Override
    public void customise(OpenAPI page) {
        page.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .map(Operation::getResponses)
                .forEach(OpenApiCompletion::refusals);
        for (Schema<?> schema : page.getComponents().getSchemas().values()) {
            if (schema.getProperties() != null) {
                for (Schema<?> property : schema.getProperties().values()) {
                    nullable(property);
                }
            }
        }
    }

    private static void refusals(ApiResponses responses) {
        responses.addApiResponse("401", problem("There is no token, or none that is known"));
        responses.addApiResponse("403", problem("The token's role or tenant does not allow it"));
    }

    private static ApiResponse problem(String description) {
        MediaType problem = new MediaType().schema(reference("#/components/schemas/Problem"));
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType("application/problem+json", problem));
    }

    /**
     * Makes a property nullable. A reference allows only what it names, whatever is written beside
     * it.
     */
    private static void nullable(Schema<?> property) {
        boolean orNull = property.getTypes() != null && property.getTypes().contains(NULL);
        if (orNull && property.get$ref() != null) {
            Schema<Object> none = new Schema<>();
            none.addType(NULL);
            property.addAnyOfItem(reference(property.get$ref()));
            property.addAnyOfItem(none);
            property.set$ref(null);
            property.setTypes(null);
        }
    }

    private static Schema<Object> reference(String to) {
        Schema<Object> reference = new Schema<>();
        reference.set$ref(to);
        return reference;
    }
}
