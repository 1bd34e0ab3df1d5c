package dev.weft.catalog.web;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How many items an answer has at most. */
@Parameter(
        description = "Items per page, 1 to 500; 50 if left out",
        example = "100",
        schema = @Schema(type = "integer", minimum = "1", maximum = "500"))
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface PageSize {}
