/** Topics: the list, and what the topic file says of one. Communities and their queries stay inside. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Topic } from '../../model/topic.ts';
import { requireTopic, type AppDeps } from '../deps.ts';
import { DISCLAIMERS } from '../disclaimers.ts';
import { problems, slugParam, topicBody, topicsBody } from '../schemas.ts';

const listTopics = createRoute({
  method: 'get',
  path: '/api/topics',
  summary: 'Topics there is a ledger for',
  responses: { 200: { description: 'All topics', content: { 'application/json': { schema: topicsBody } } } },
});
const getTopic = createRoute({
  method: 'get',
  path: '/api/topics/{slug}',
  summary: 'What the topic is about',
  request: { params: slugParam },
  responses: { 200: { description: 'The topic', content: { 'application/json': { schema: topicBody } } }, ...problems },
});

export function addTopicRoutes(app: OpenAPIHono, deps: AppDeps): void {
  app.openapi(listTopics, (c) => {
    const topics = [...deps.topics.values()].map(({ slug, title, compounds }) => ({
      slug,
      title,
      compounds: compounds.map(({ name }) => name),
      href: `/api/topics/${slug}`,
    }));
    return c.json({ topics }, 200);
  });
  app.openapi(getTopic, (c) => c.json(describeTopic(requireTopic(deps, c.req.valid('param').slug)), 200));
}

function describeTopic({ communities: _communities, ...topic }: Topic) {
  return { ...topic, disclaimers: DISCLAIMERS };
}
