package dev.weft.catalog.rollout;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.rollout.judge.ScoresBody;
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

/** Rollouts of aliases. */
@RequestMapping("/admin/v1")
@Tag(
        name = "Rollouts",
        description =
                "An alias goes from one version to another in steps, and returns by itself if the"
                        + " new version does worse than allowed")
interface RolloutsApi {
    String UNKNOWN = "There is no such rollout";
    String ENDED = "The rollout has ended, or is not in a state for that";

    @ForOwners
    @PostMapping("/rollouts")
    @Operation(
            operationId = "startRollout",
            summary = "Roll an alias to another version",
            description =
                    "The first step's part of the requests goes to the new version at once. The"
                        + " next step comes when the time of one is over, enough requests were"
                        + " measured, and there is no evidence that the new version does worse than"
                        + " allowed. Evidence that it does lets the alias return at once.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = RolloutRequestBody.class),
                            examples =
                                    @ExampleObject(
                                            name = "plain",
                                            summary = "In two steps",
                                            value = RolloutRequestBody.PLAIN)))
    @ApiResponse(responseCode = "201", description = "The rollout")
    @Answers400
    @Answers409(
            "The alias leads to another version or to several, or is being rolled out already, or"
                    + " the tenant has as many rollouts under way as it may have")
    ResponseEntity<RolloutBody> start(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/rollouts")
    @Operation(operationId = "listRollouts", summary = "Rollouts, newest first")
    @ApiResponse(responseCode = "200", description = "A page of rollouts")
    @Answers400
    RolloutPageBody list(
            @Parameter(description = "Only those of this alias", example = "support")
                    @RequestParam(required = false)
                    @Nullable String alias,
            @PageSize @RequestParam(required = false) @Nullable String size,
            @BeforeId @RequestParam(required = false) @Nullable String before,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/rollouts/{id}")
    @Operation(operationId = "getRollout", summary = "A rollout, and what its step's figures say")
    @ApiResponse(responseCode = "200", description = "The rollout")
    @Answers404(UNKNOWN)
    RolloutBody get(@ItemId @PathVariable String id, @CurrentRequester Requester requester);

    @ForOwners
    @PostMapping("/rollouts/{id}/pause")
    @Operation(
            operationId = "pauseRollout",
            summary = "Keep a rollout in its step",
            description = "It returns all the same if there is evidence against the new version")
    @ApiResponse(responseCode = "200", description = "The rollout")
    @Answers404(UNKNOWN)
    @Answers409(ENDED)
    RolloutBody pause(@ItemId @PathVariable String id, @CurrentRequester Requester requester);

    @ForOwners
    @PostMapping("/rollouts/{id}/resume")
    @Operation(operationId = "resumeRollout", summary = "Let a paused rollout go on")
    @ApiResponse(responseCode = "200", description = "The rollout")
    @Answers404(UNKNOWN)
    @Answers409(ENDED)
    RolloutBody resume(@ItemId @PathVariable String id, @CurrentRequester Requester requester);

    @ForOwners
    @PostMapping("/rollouts/{id}/scores")
    @Operation(
            operationId = "scoreRollout",
            summary = "Give a judge's scores to a rollout",
            description =
                    "They count for the step that it is in, if they don't name another one. Scores"
                            + " with an id count once, so that they can be sent again; others count"
                            + " as often as they are sent.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = ScoresBody.class),
                            examples =
                                    @ExampleObject(
                                            name = "scores",
                                            summary = "Of five answers",
                                            value = ScoresBody.SOME)))
    @ApiResponse(responseCode = "200", description = "The rollout")
    @Answers400
    @Answers404(UNKNOWN)
    @Answers409("The rollout has ended, is in another step, or has no bound for scores")
    RolloutBody score(
            @ItemId @PathVariable String id,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @ForOwners
    @DeleteMapping("/rollouts/{id}")
    @Operation(
            operationId = "endRollout",
            summary = "End a rollout",
            description = "All requests go to the version before. The rollout stays in the list.")
    @ApiResponse(responseCode = "200", description = "The rollout")
    @Answers404(UNKNOWN)
    @Answers409(
            "The rollout has ended, the version before is not Ready, or somebody else has changed"
                    + " the alias")
    RolloutBody end(@ItemId @PathVariable String id, @CurrentRequester Requester requester);
}
