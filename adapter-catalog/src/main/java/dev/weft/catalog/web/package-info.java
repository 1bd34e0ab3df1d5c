/**
 * The parts of the catalog's HTTP server: named parts of Spring Boot, virtual threads for handlers
 * that block, separate event loops, the OpenAPI page, and one place that turns exceptions into
 * problems. The package also has what several resources' handlers share: parameters, JSON and large
 * bodies, roles, answers.
 */
@NullMarked
package dev.weft.catalog.web;

import org.jspecify.annotations.NullMarked;
