package dev.weft.catalog.web;

import dev.weft.catalog.fault.Fault;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The shape of an error, for the OpenAPI page: RFC 9457 with the faults of a bad request. */
@Schema(
        name = "Problem",
        description = "An error as RFC 9457 has it",
        requiredProperties = {"title", "status", "instance"})
public record Problem(
        @Schema(example = "Bad Request") String title,
        @Schema(example = "400") int status,
        @Schema(description = "What went wrong, for people") String detail,
        @Schema(description = "Path of the request") String instance,
        @Schema(description = "Only for a bad request: everything that is wrong with it")
                List<Fault> errors) {}
