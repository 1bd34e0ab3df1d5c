package dev.weft.catalog.web;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Where a page begins, in a list that has the newest items first. */
@Parameter(
        description = "List what came before the item with this id",
        example = "1000",
        schema = @Schema(type = "integer", format = "int64"))
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface BeforeId {}
