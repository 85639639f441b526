import ts from 'typescript';

import { connectionTypes, fieldsOf } from '../../../../src/core/connection/connectionFields.ts';
import { walk, type Source } from './source.ts';

/** The connection kinds, as `type` spells them. */
const kinds: readonly string[] = connectionTypes;

/** Other names for kinds: server dialects and authentication provider IDs. */
const otherNames: readonly string[] = ['ssoOidc', 'openId', 'iam-identity-center'];

/** Members that distinguish kinds of connections or sessions. */
const membersOfKinds: readonly string[] = [
  ...connectionTypes.flatMap((type) =>
    fieldsOf(type).flatMap(({ argument, name }) => (argument === 'place' ? [name] : [])),
  ),
  ...['registration', 'endpoints', 'server'],
];

/** A place in the source that depends on the kind of a connection. */
export interface KindQuestion {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * Finds the places, one per line, that depend on the kind of a connection:
 *
 * a comparison with the name of a kind, its dialect or its authentication provider; a `switch` or an index by a
 * value whose type names kinds; a table or map with two or more kinds as keys; a list of kinds used with
 * `includes`; a member that distinguishes kinds, used with `in`, in a list of names, or by name; the schema of
 * one kind; a cast or predicate that narrows to a kind, and calls of such a predicate. Comparing two kinds with
 * each other does not count, nor does a trait that each provider row sets itself, such as `isGeneric`.
 */
export function kindQuestions({ files, checker }: Source): KindQuestion[] {
  return [...files].flatMap(([path, file]) => {
    const lines = new Set<number>();
    walk(file, (node) => {
      if (asks(node, checker)) lines.add(file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1);
    });
    return [...lines].sort((a, b) => a - b).map((line) => ({ path, line }));
  });
}

function asks(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isBinaryExpression(node)) return asksByOperator(node, checker);
  if (ts.isSwitchStatement(node)) return isKind(node.expression, checker);
  if (ts.isElementAccessExpression(node)) {
    return !ts.isStringLiteral(node.argumentExpression) && isKind(node.argumentExpression, checker);
  }
  if (ts.isObjectLiteralExpression(node)) return isTable(node);
  if (ts.isArrayLiteralExpression(node)) return isListOfPairs(node);
  if (ts.isTypePredicateNode(node)) return node.type !== undefined && isOfOneKind(node.type, checker);
  if (ts.isAsExpression(node)) return !ts.isConstTypeReference(node.type) && isOfOneKind(node.type, checker);
  if (ts.isCallExpression(node))
    return isListAsked(node) || isSchemaOfKind(node) || narrowsToKind(node, checker);
  return false;
}

const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

function asksByOperator(
  { left, right, operatorToken }: ts.BinaryExpression,
  checker: ts.TypeChecker,
): boolean {
  if (comparisons.has(operatorToken.kind)) {
    return [[left, right] as const, [right, left] as const].some(
      ([one, other]) =>
        (isKindName(one) && !hasOtherNames(other, checker)) ||
        (isMemberOfKinds(one) && isNameOfMember(other)),
    );
  }
  if (operatorToken.kind !== ts.SyntaxKind.InKeyword) return false;
  return isMemberOfKinds(left);
}

function isKindName(node: ts.Node): boolean {
  return ts.isStringLiteral(node) && [...kinds, ...otherNames].includes(node.text);
}

function isMemberOfKinds(node: ts.Node): boolean {
  return ts.isStringLiteral(node) && membersOfKinds.includes(node.text);
}

/** Whether an expression is the name of a member; the field that an error or a row is about does not count. */
function isNameOfMember(node: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return ts.isIdentifier(name) && ['member', 'name'].includes(name.text);
}

/** Whether the type of an expression consists only of kind names, apart from `undefined`. */
function isKind(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const own = checker.getTypeAtLocation(node);
  const type = checker.getNonNullableType(checker.getBaseConstraintOfType(own) ?? own);
  const members = type.isUnion() ? type.types : [type];
  return members.every((member) => member.isStringLiteral() && kinds.includes(member.value));
}

/** Whether the type of an expression has other names besides kinds, as that of a setup guide: `kiro`. */
function hasOtherNames(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const type = checker.getTypeAtLocation(node);
  const members = type.isUnion() ? type.types : [type];
  return members.some((member) => member.isStringLiteral() && !kinds.includes(member.value));
}

function isTable({ properties }: ts.ObjectLiteralExpression): boolean {
  const keys = properties.flatMap(({ name }) =>
    name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
  );
  return kinds.filter((kind) => keys.includes(kind)).length > 1;
}

/** Pairs of which two or more begin with a kind, as in a `Map`. */
function isListOfPairs({ elements }: ts.ArrayLiteralExpression): boolean {
  const first = elements.flatMap((one) => (ts.isArrayLiteralExpression(one) ? (one.elements[0] ?? []) : []));
  return first.filter(isKindName).length > 1;
}

/** `v.literal('okta')`, or another schema that matches only one kind. */
function isSchemaOfKind({ expression, arguments: given }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.expression.getText() === 'v' &&
    given.some(isKindName)
  );
}

function isListAsked({ expression, arguments: asked }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || !['includes', 'has'].includes(expression.name.text))
    return false;
  let hasKind = asked.some(isMemberOfKinds);
  walk(expression.expression, (node) => {
    hasKind ||= isKindName(node);
  });
  return hasKind;
}

function isOfOneKind(node: ts.TypeNode, checker: ts.TypeChecker): boolean {
  return kindOfMember(checker.getTypeFromTypeNode(node), checker);
}

function narrowsToKind(node: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const signature = checker.getResolvedSignature(node);
  const narrowed = signature && checker.getTypePredicateOfSignature(signature)?.type;
  return narrowed !== undefined && kindOfMember(narrowed, checker);
}

/** Whether a type has a `type` member that names one kind. */
function kindOfMember(type: ts.Type, checker: ts.TypeChecker): boolean {
  const symbol = type.getProperty('type');
  if (symbol === undefined) return false;
  const own = checker.getTypeOfSymbol(symbol);
  return own.isStringLiteral() && kinds.includes(own.value);
}
