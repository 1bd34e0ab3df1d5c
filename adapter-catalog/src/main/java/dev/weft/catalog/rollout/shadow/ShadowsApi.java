package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.Answers404;
import dev.weft.catalog.web.Answers409;
import dev.weft.catalog.web.BeforeId;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForOwners;
import dev.weft.catalog.web.ForReaders;
import dev.weft.catalog.web.ItemId;
import dev.weft.catalog.web.PageSize;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Shadows of aliases. */
@RequestMapping("/admin/v1")
@Tag(
        name = "Shadows",
        description =
                "A candidate gets copies of a part of an alias's requests; its answers are compared"
                        + " and thrown away")
interface ShadowsApi {
    String UNKNOWN = "There is no such shadow";

    @ForOwners
    @PostMapping("/shadows")
    @Operation(
            operationId = "startShadow",
            summary = "Copy a part of an alias's requests to a candidate",
            description =
                    "No client gets an answer of the candidate, waits for one or is billed for one."
                        + " Gateways make copies only while a worker has nothing better to do. The"
                        + " shadow ends when its time is over, its tokens are used, or there is"
                        + " evidence that the candidate does worse than allowed.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = ShadowRequestBody.class),
                            examples =
                                    @ExampleObject(
                                            name = "plain",
                                            summary = "A tenth for six hours",
                                            value = ShadowRequestBody.PLAIN)))
    @ApiResponse(responseCode = "201", description = "The shadow")
    @Answers400
    @Answers404("There is no such alias")
    @Answers409("The alias leads to several versions or has a shadow, or too many shadows run")
    ResponseEntity<ShadowBody> start(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/shadows")
    @Operation(operationId = "listShadows", summary = "Shadows, newest first")
    @ApiResponse(responseCode = "200", description = "A page of shadows")
    @Answers400
    ShadowPageBody list(
            @Parameter(description = "Only those of this alias", example = "support")
                    @RequestParam(required = false)
                    @Nullable String alias,
            @PageSize @RequestParam(required = false) @Nullable String size,
            @BeforeId @RequestParam(required = false) @Nullable String before,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/shadows/{id}")
    @Operation(operationId = "getShadow", summary = "A shadow, and what its figures say")
    @ApiResponse(responseCode = "200", description = "The shadow")
    @Answers404(UNKNOWN)
    ShadowBody get(@ItemId @PathVariable String id, @CurrentRequester Requester requester);

    @ForOwners
    @DeleteMapping("/shadows/{id}")
    @Operation(
            operationId = "endShadow",
            summary = "End a shadow",
            description = "Gateways copy no more requests. The shadow stays in the list.")
    @ApiResponse(responseCode = "200", description = "The shadow")
    @Answers404(UNKNOWN)
    @Answers409("The shadow has ended")
    ShadowBody end(@ItemId @PathVariable String id, @CurrentRequester Requester requester);
}
