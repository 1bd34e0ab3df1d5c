package dev.weft.catalog.admin;

import dev.weft.catalog.web.Problem;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Paths and descriptions of the admin API. A name may hold slashes: {@code %2F} matches the paths
 * that are described, plain ones the hidden paths beside them.
 */
@RequestMapping("/admin/v1")
@Tag(name = "Adapters", description = "Register adapters and say which of them are served")
interface AdminApi {
    String PROBLEM = "application/problem+json";
    String NAME = "The adapter's name; a slash in it may stand as %2F or as it is";

    @PostMapping("/adapters")
    @Operation(
            summary = "Register an adapter",
            description =
                    "Makes a new version of the name and starts to fetch and check it; follow it at"
                            + " Location. When it is Ready the name stands for it. Where it brings"
                            + " the same content as the name has, that version stays.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = RegistrationBody.class)))
    @ApiResponse(responseCode = "202", description = "The new version")
    @ApiResponse(
            responseCode = "400",
            description = "Every fault of the body with field, value and what is allowed",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    ResponseEntity<VersionBody> register(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body);

    /**
     * What {@code curl -d} sends where nobody says what it is; its bytes are no body to a handler.
     */
    @Hidden
    @PostMapping(path = "/adapters", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<VersionBody> registerForm();

    @GetMapping("/adapters")
    @Operation(summary = "List adapters in order of their names")
    @ApiResponse(responseCode = "200", description = "A page of adapters")
    @ApiResponse(
            responseCode = "400",
            description = "A parameter is not allowed",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    AdapterPageBody list(
            @Parameter(
                            description = "Adapters per page, 1 to 500; 50 where left out",
                            schema = @Schema(type = "integer", minimum = "1", maximum = "500"))
                    @RequestParam(required = false)
                    @Nullable String size,
            @Parameter(description = "List what comes after this name")
                    @RequestParam(required = false)
                    @Nullable String after);

    @GetMapping("/adapters/{name}")
    @Operation(summary = "An adapter with its versions")
    @ApiResponse(responseCode = "200", description = "The adapter")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such adapter",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    AdapterBody get(@Parameter(description = NAME) @PathVariable String name);

    @Hidden
    @GetMapping("/adapters/{*name}")
    AdapterBody getWithSlashes(@PathVariable String name);

    @DeleteMapping("/adapters/{name}")
    @Operation(
            summary = "Remove an adapter",
            description =
                    "Withdraws the name and retires its versions; the name can be registered again")
    @ApiResponse(responseCode = "204", description = "It is removed")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such adapter",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    ResponseEntity<Void> delete(@Parameter(description = NAME) @PathVariable String name);

    @Hidden
    @DeleteMapping("/adapters/{*name}")
    ResponseEntity<Void> deleteWithSlashes(@PathVariable String name);

    @PostMapping("/adapters/{name}/disable")
    @Operation(summary = "Withdraw an adapter from gateways and workers, to come back as it is")
    @ApiResponse(responseCode = "200", description = "The adapter; it is disabled")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such adapter",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "409",
            description = "No version of it is Ready or Disabled",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    AdapterBody disable(@Parameter(description = NAME) @PathVariable String name);

    @PostMapping("/adapters/{name}/enable")
    @Operation(summary = "Publish a disabled adapter again")
    @ApiResponse(responseCode = "200", description = "The adapter; it is published")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such adapter",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "409",
            description = "No version of it is Ready or Disabled",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    AdapterBody enable(@Parameter(description = NAME) @PathVariable String name);

    @Hidden
    @PostMapping("/adapters/{*rest}")
    AdapterBody act(@PathVariable String rest);

    @GetMapping("/versions/{id}")
    @Operation(
            summary = "What a registration led to",
            description =
                    "The registration's version, or the one that stands for it because it has the"
                            + " same content")
    @ApiResponse(responseCode = "200", description = "The version")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such version",
            content =
                    @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    VersionBody version(
            @Parameter(
                            description = "The id that registering answered",
                            schema = @Schema(type = "integer", format = "int64"))
                    @PathVariable
                    String id);
}
