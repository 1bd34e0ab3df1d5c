/**
 * What the catalog's HTTP server consists of: Boot's pieces by name, virtual threads for handlers
 * that block, event loops of its own, the OpenAPI page, one place that makes problems of
 * exceptions. What handlers of several resources share: parameters, JSON bodies, roles, answers.
 */
@NullMarked
package dev.weft.catalog.web;

import org.jspecify.annotations.NullMarked;
